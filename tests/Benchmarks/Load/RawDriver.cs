using System.Diagnostics;
using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Load;

/// <summary>Drives all connections from the calling thread with the generator's own HTTP/2 client.</summary>
internal sealed class RawDriver(LoadSettings settings, ILoad load, MeasuredWindow window) : IDriver
{
    public Tally Tally => load.Tally;

    public void Run(Action started)
    {
        using var loop = LoadLoop.Connect(settings.Endpoints, settings.Connections);
        load.Start(loop);
        loop.Flush();
        started();
        while (!window.IsStopped)
        {
            loop.PollOnce(load.PollMilliseconds);
            load.Tick(Stopwatch.GetTimestamp());
            loop.Flush();
        }

        load.Finish(loop);
    }

    public WatchFigures? WatchFigures(double seconds) => load.WatchFigures(seconds);
}
