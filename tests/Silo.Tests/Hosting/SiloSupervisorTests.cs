using System.Collections.Concurrent;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Silo.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Hosting;

/// <summary>The member outlives its silos.</summary>
public sealed class SiloSupervisorTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<FakeSiloHost> _silos = new();
    private readonly CurrentSilo _current = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly SiloSupervisor _supervisor;
    private Action<FakeSiloHost> _created = _ => { };

    public SiloSupervisorTests()
    {
        var options = new SiloRestartOptions
        {
            MinInterval = TimeSpan.Zero,
            MinDelay = TimeSpan.FromMilliseconds(1),
            MaxDelay = TimeSpan.FromMilliseconds(1),
            MaxRestarts = 3,
            AbandonTimeout = TimeSpan.FromMilliseconds(50),
        };
        _supervisor = new SiloSupervisor(Create, _current, options, _lifetime, TimeProvider.System, NullLogger<SiloSupervisor>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeSiloHost Last => _silos.Last();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _supervisor.StopAsync(CancellationToken.None);
        _supervisor.Dispose();
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_is_replaced_and_calls_go_through_the_new_one()
    {
        await _supervisor.StartAsync(Stop);
        var first = Last;
        var ending = _current.Ending;
        Assert.Same(first.Grains, _current.Grains);

        first.End("declared dead");
        await UntilAsync(() => _supervisor.Replaced == 1);
        Assert.True(ending.IsCancellationRequested);
        Assert.True(first is { IsStopped: true, HasLeft: false, IsDisposed: true });
        Assert.NotSame(first, Last);
        Assert.Same(Last.Grains, _current.Grains);
        Assert.False(_current.Ending.IsCancellationRequested);
        Assert.False(_lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Between_two_silos_a_call_certainly_does_nothing()
    {
        var start = new TaskCompletionSource();
        await _supervisor.StartAsync(Stop);
        var first = Last;
        _created = silo => silo.Starting = start.Task;
        first.End("declared dead");
        await UntilAsync(() => _silos.Count == 2);
        Assert.False(_current.IsPresent);
        Assert.Equal(EtcdError.NoLeader, Assert.Throws<EtcdException>(() => _current.Grains).Error);

        start.SetResult();
        await UntilAsync(() => _current.IsPresent);
    }

    [Fact]
    public async Task A_silo_that_is_declared_dead_while_it_starts_is_replaced_too()
    {
        _created = silo =>
        {
            if (_silos.Count == 1)
            {
                silo.Starting = Task.Delay(Timeout.InfiniteTimeSpan, Stop);
                silo.End("declared dead");
            }
        };
        await _supervisor.StartAsync(Stop);
        Assert.Equal(2, _silos.Count);
        Assert.Same(Last.Grains, _current.Grains);
    }

    [Fact]
    public async Task A_silo_that_hangs_when_it_is_given_up_holds_nothing_up()
    {
        await _supervisor.StartAsync(Stop);
        Last.Stopping = Task.Delay(Timeout.InfiniteTimeSpan, Stop);
        Last.End("declared dead");
        await UntilAsync(() => _supervisor.Replaced == 1);
    }

    [Fact]
    public async Task Too_many_ends_in_a_short_time_stop_the_member_with_a_failure()
    {
        await _supervisor.StartAsync(Stop);
        _created = silo => silo.Starting = Task.FromException(new InvalidOperationException("no port"));
        Last.End("declared dead");
        await UntilAsync(() => _lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.Equal(4, _silos.Count);
        Assert.Equal(1, Environment.ExitCode);
    }

    [Fact]
    public async Task A_member_whose_silo_never_comes_up_fails_to_start()
    {
        _created = silo => silo.Starting = Task.FromException(new InvalidOperationException("no port"));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _supervisor.StartAsync(Stop));
        Assert.Contains("no port", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_lets_the_silo_leave()
    {
        await _supervisor.StartAsync(Stop);
        await _supervisor.StopAsync(Stop);
        Assert.True(Last is { HasLeft: true, IsDisposed: true });
        Assert.Single(_silos);
    }

    [Fact]
    public async Task A_stop_while_the_silo_waits_for_a_quorum_does_not_wait_with_it()
    {
        _created = silo => silo.Starting = Task.Delay(Timeout.InfiniteTimeSpan, Stop);
        using var stopping = new CancellationTokenSource();
        var start = _supervisor.StartAsync(stopping.Token);
        await UntilAsync(() => !_silos.IsEmpty);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        await _supervisor.StopAsync(Stop);
        Assert.True(Last is { IsStopped: true, HasLeft: false });
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(2, Stop);
        }
    }

    private FakeSiloHost Create(Action<string> ended)
    {
        var silo = new FakeSiloHost(ended);
        _silos.Enqueue(silo);
        _created(silo);
        return silo;
    }
}
