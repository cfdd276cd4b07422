using Krewe.Silo.Peers;
using Krewe.Silo.Replication;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>
/// The peer listener and connections: registered before <see cref="RaftService"/>, so up before Raft's clock runs and closed after it stopped
/// (design, section 4).
/// </summary>
internal sealed class PeerService(
    MemberState state, RaftNode node, PeerTransport transport, PeerListener listener, ProposalForwarder forwarder) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        transport.Receiver = new RaftPeerReceiver(node, forwarder);
        listener.Start(state.Options.Listen.PeerUrls.Where(u => !u.IsUnixSocket).Select(u => new Uri(u.ToString())));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await listener.DisposeAsync().ConfigureAwait(false);
        await transport.DisposeAsync().ConfigureAwait(false);
    }
}
