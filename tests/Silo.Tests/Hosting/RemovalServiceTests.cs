using Krewe.Silo.Hosting;
using Krewe.Silo.Peers;
using Krewe.Silo.Tests.Peers;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Hosting;

/// <summary>Behaviour 251: the process of a removed member stops serving.</summary>
public sealed class RemovalServiceTests : IAsyncLifetime
{
    private const ulong Self = 1;
    private readonly FakeMembers _members = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly RecordingLogger<RemovalService> _log = new();
    private readonly RemovalService _service;

    public RemovalServiceTests() =>
        _service = new RemovalService(new TestBook(7, Self, new()), _members, _members, _lifetime, _time, _log);

    private bool HasStopped => _lifetime.ApplicationStopping.IsCancellationRequested;

    public async ValueTask InitializeAsync() => await _service.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
    }

    [Fact]
    public void It_stops_a_second_after_it_applied_its_own_removal()
    {
        _members.Remove(Self);
        Assert.False(HasStopped);
        _time.Advance(RemovalService.StopDelay);
        Assert.True(HasStopped);
        AssertSaid();
    }

    [Theory]
    [InlineData((byte)PeerRefusal.RemovedMember, true)]
    [InlineData((byte)PeerRefusal.UnknownMember, false)]
    [InlineData((byte)PeerRefusal.ClusterIdMismatch, false)]
    [InlineData((byte)PeerRefusal.WrongTarget, false)]
    public void It_stops_when_another_member_says_that_it_was_removed(byte refusal, bool expected)
    {
        _members.Refuse((PeerRefusal)refusal);
        _time.Advance(RemovalService.StopDelay);
        Assert.Equal(expected, HasStopped);
        if (expected)
        {
            _members.Refuse((PeerRefusal)refusal);
            AssertSaid();
        }
    }

    [Fact]
    public void The_removal_of_another_member_is_no_reason()
    {
        _members.Remove(2);
        _time.Advance(RemovalService.StopDelay);
        Assert.False(HasStopped);
    }

    /// <summary>etcd's words, once.</summary>
    private void AssertSaid() => Assert.Equal(
        ["server error: the member has been permanently removed from the cluster", "data-dir used by this member must be removed"],
        _log.Messages);
}
