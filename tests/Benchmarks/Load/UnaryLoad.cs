using System.Diagnostics;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Clients that send unary requests, each as soon as it has its last answer.</summary>
/// <param name="tally">What gets the measurements; null for one with the usual bound of errors.</param>
internal sealed class UnaryLoad(LoadSettings settings, OperationMix mix, MeasuredWindow window, Tally? tally = null) : ILoad
{
    private const int FinishMilliseconds = 30_000;
    private readonly List<UnaryClient> _clients = [];

    public Tally Tally { get; } = tally ?? new(window);

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

    /// <summary>Counts the requests that are still unanswered, with their age.</summary>
    public void RecordUnanswered(long now)
    {
        foreach (var client in _clients.Where(client => !client.IsIdle))
        {
            Tally.RecordUnanswered(now - client.StartedAt);
        }
    }

    public void Finish(LoadLoop loop) => loop.PollUntil(() => _clients.TrueForAll(client => client.IsIdle), FinishMilliseconds);

    public WatchFigures? WatchFigures(double seconds) => null;
}
