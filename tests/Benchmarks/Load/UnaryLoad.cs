using System.Diagnostics;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Clients that send unary requests, each as soon as it has its last answer.</summary>
internal sealed class UnaryLoad(LoadSettings settings, OperationMix mix, MeasuredWindow window) : ILoad
{
    private const int FinishMilliseconds = 30_000;
    private readonly List<UnaryClient> _clients = [];

    public Tally Tally { get; } = new(window);

    public int PollMilliseconds => 10;

    public void Start(LoadLoop loop)
    {
        var random = new SplitMix(settings.Seed);
        for (var i = 0; i < settings.Clients; i++)
        {
            var client = new UnaryClient(loop.Connections[i % loop.Connections.Count], mix, random, Tally, window);
            _clients.Add(client);
            client.Next(Stopwatch.GetTimestamp());
        }
    }

    public void Tick(long now)
    {
    }

    public void Finish(LoadLoop loop) => loop.PollUntil(() => _clients.TrueForAll(client => client.IsIdle), FinishMilliseconds);

    public WatchFigures? WatchFigures(double seconds) => null;
}
