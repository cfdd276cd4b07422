namespace Krewe.Silo.Peers;

/// <summary>A member to send to: its lanes and the tasks that run them.</summary>
internal sealed class Peer
{
    private readonly CancellationTokenSource _stopping;
    private readonly Task _running;

    public Peer(PeerLane urgent, PeerLane bulk, CancellationToken stopping)
    {
        Urgent = urgent;
        Bulk = bulk;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var token = _stopping.Token;
        _running = Task.WhenAll(Task.Run(() => urgent.RunAsync(token), token), Task.Run(() => bulk.RunAsync(token), token));
    }

    public PeerLane Urgent { get; }

    public PeerLane Bulk { get; }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }
}
