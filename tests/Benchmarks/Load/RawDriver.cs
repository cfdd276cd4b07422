using System.Diagnostics;
using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Load;

/// <summary>Drives all connections from the calling thread with the generator's own HTTP/2 client.</summary>
internal sealed class RawDriver(LoadSettings settings, ILoad load, MeasuredWindow window) : IDriver
{
    public Tally Tally => load.Tally;

    public void Run(Action started)
    {
        using var loop = LoadLoop.Connect(settings.Endpoints, settings.Connections, settings.Tls);
        RequireStreams(loop);
        if (settings.Users.Count > 0)
        {
            AuthSetup.LogIn(loop, settings.Users);
        }

        try
        {
            Run(loop, started);
        }
        finally
        {
            (load as IDisposable)?.Dispose();
        }
    }

    public WatchFigures? WatchFigures(double seconds) => load.WatchFigures(seconds);

    public LoginFigures? LoginFigures() => load.LoginFigures();

    private void Run(LoadLoop loop, Action started)
    {
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

    private void RequireStreams(LoadLoop loop)
    {
        var wanted = (settings.Clients + loop.Connections.Count - 1) / loop.Connections.Count;
        var allowed = loop.Connections.Min(connection => connection.MaxConcurrentStreams);
        if (wanted > allowed)
        {
            throw new BenchmarkException($"{wanted} clients a connection, but the server allows {allowed} streams; raise --connections");
        }
    }
}
