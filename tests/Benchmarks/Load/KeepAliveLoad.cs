using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>One lease and one keep-alive stream a client.</summary>
internal sealed class KeepAliveLoad(LoadSettings settings, MeasuredWindow window) : ILoad
{
    private const int TtlSeconds = 600;
    private const int FinishMilliseconds = 30_000;
    private readonly List<KeepAliveClient> _clients = [];

    public Tally Tally { get; } = new(window);

    public int PollMilliseconds => 10;

    public void Start(LoadLoop loop)
    {
        for (var i = 0; i < settings.Clients; i++)
        {
            var connection = loop.Connections[i % loop.Connections.Count];
            var grant = CallOnce.Send(loop, connection, Methods.LeaseGrant, new LeaseGrantRequest { TTL = TtlSeconds });
            _clients.Add(new KeepAliveClient(connection, ResponseReader.ReadLease(grant).Id, Tally, window));
        }

        _clients.ForEach(client => client.Start());
    }

    public void Tick(long now)
    {
    }

    public void Finish(LoadLoop loop) => loop.PollUntil(() => !_clients.Exists(client => client.IsWaiting), FinishMilliseconds);

    public WatchFigures? WatchFigures(double seconds) => null;
}
