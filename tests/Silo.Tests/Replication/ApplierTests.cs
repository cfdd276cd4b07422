using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Replication;

/// <summary>Who applies: whoever brings a small group, as long as the store is quick; else the applier's own thread.</summary>
public sealed class ApplierTests : IDisposable
{
    private const string OwnThread = "raft-apply";
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingStateMachine _machine = new();
    private readonly AppliedIndexWaiters _applied = new();
    private readonly List<Exception> _failures = [];
    private readonly Applier _applier;
    private readonly List<string?> _threads = [];
    private TimeSpan _takes;
    private ulong _last;
    private int _turns;

    public ApplierTests()
    {
        _applier = new Applier(
            _machine, new ReplicationOptions(), _time, new ApplyWaiters(), _applied, (_, _) => { }, (_, _) => { }, () => Interlocked.Increment(ref _turns), _failures.Add, NullLogger.Instance);
        _machine.BeforeApply = () =>
        {
            _threads.Add(Thread.CurrentThread.Name);
            _time.Advance(_takes);
        };
        _applier.Start();
    }

    public void Dispose() => _applier.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_store_that_was_slow_is_waited_for_by_the_applier_only_until_it_is_quick_again()
    {
        _takes = Slow;
        AddOne();
        Assert.NotEqual(OwnThread, Assert.Single(_threads));

        AddOne();
        await WaitAsync();
        AddOne();
        await WaitAsync();
        Assert.Equal([OwnThread, OwnThread], _threads[1..]);

        // The applier may still be at the end of its turn when the first of these come.
        _takes = TimeSpan.Zero;
        do
        {
            AddOne();
            await WaitAsync();
        }
        while (_threads[^1] == OwnThread);
        Assert.Empty(_failures);
    }

    /// <summary>What came during a slow turn is taken by that turn; the one that its wake-up brings finds nothing.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_turn_that_finds_nothing_does_not_make_a_slow_store_quick()
    {
        var end = TestContext.Current.CancellationToken;
        using var isApplying = new SemaphoreSlim(0);
        using var mayGoOn = new SemaphoreSlim(0);
        _takes = Slow;
        AddOne();
        var note = _machine.BeforeApply!;
        _machine.BeforeApply = () =>
        {
            note();
            isApplying.Release();
            mayGoOn.Wait(end);
        };
        AddOne();
        await isApplying.WaitAsync(end);
        AddOne();
        _machine.BeforeApply = note;
        mayGoOn.Release();
        await WaitAsync();
        while (Volatile.Read(ref _turns) < 3)
        {
            await Task.Yield();
        }

        // The last turn may still be at its end: then the applier's thread is asked, with or without the mistake. Not each time.
        for (var i = 0; i < 20; i++)
        {
            AddOne();
            await WaitAsync();
        }

        Assert.All(_threads[1..], thread => Assert.Equal(OwnThread, thread));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_end_waits_for_whoever_applies_and_lets_nobody_apply_after_it()
    {
        using var isApplying = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        _machine.BeforeApply = () =>
        {
            isApplying.Set();
            mayGoOn.Wait(TestContext.Current.CancellationToken);
        };
        var applying = Task.Run(AddOne, TestContext.Current.CancellationToken);
        isApplying.Wait(TestContext.Current.CancellationToken);
        var ending = Task.Run(_applier.Dispose, TestContext.Current.CancellationToken);

        // Long enough for an end that does not wait.
        await Task.WhenAny(ending, Task.Delay(100, TestContext.Current.CancellationToken));
        Assert.False(ending.IsCompleted);
        mayGoOn.Set();
        await ending;
        Assert.Single(_machine.Applied);
        await applying;
        AddOne();
        Assert.Single(_machine.Applied);
    }

    private void AddOne()
    {
        _applier.Add([new Entry(++_last, 1, EntryKind.Normal, default)], wake: false);
        _applier.RunHereOrWake(mayRunHere: true);
    }

    private Task WaitAsync() => _applied.WaitAsync(_last).WaitAsync(TestContext.Current.CancellationToken);
}
