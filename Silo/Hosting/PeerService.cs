using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Silo.Peers;
using Krewe.Silo.Replication;
using Krewe.Silo.Snapshots;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>
/// The peer listener and connections: registered before <see cref="RaftService"/>, so up before Raft's clock runs and closed after it stopped
/// (design, section 4).
/// </summary>
internal sealed class PeerService(
    MemberState state,
    IMembersChanged members,
    RaftNode node,
    PeerTransport transport,
    PeerListener listener,
    ProposalForwarder forwarder,
    SnapshotLane snapshots) : IHostedService
{
    private IReadOnlyList<Member> _members = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        transport.Receiver = new RaftPeerReceiver(node, forwarder);
        transport.Snapshots = snapshots;
        members.Changed += Follow;
        listener.Start(state.Options.Listen.PeerUrls.Where(u => !u.IsUnixSocket).Select(u => new Uri(u.ToString())));
        foreach (var member in state.KnownMembers.All)
        {
            if (member.Id != state.Identity.MemberId)
            {
                transport.Greet(member.Id);
            }
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        members.Changed -= Follow;
        await listener.DisposeAsync().ConfigureAwait(false);
        await snapshots.DisposeAsync().ConfigureAwait(false);
        await transport.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>On the apply thread: lanes to members that left or moved are closed; sending opens new ones where the list says.</summary>
    private void Follow(IReadOnlyList<Member> now)
    {
        foreach (var before in Interlocked.Exchange(ref _members, now))
        {
            var after = now.FirstOrDefault(m => m.Id == before.Id);
            if (before.Id != state.Identity.MemberId && (after is null || !after.PeerUrls.SequenceEqual(before.PeerUrls)))
            {
                _ = transport.DisconnectAsync(before.Id);
            }
        }
    }
}
