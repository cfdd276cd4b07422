using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Load;

/// <summary>The clients of one workload. Every method runs on the thread that drives the connections.</summary>
internal interface ILoad
{
    /// <summary>What makes an "operation" of this workload.</summary>
    Tally Tally { get; }

    /// <summary>How long the loop may sleep when no socket is ready.</summary>
    int PollMilliseconds { get; }

    /// <summary>Sets up what the workload needs and starts the clients.</summary>
    void Start(LoadLoop loop);

    /// <summary>Called after every poll, with the time in Stopwatch ticks.</summary>
    void Tick(long now);

    /// <summary>After the last request was started: waits for what is outstanding and checks that all is there.</summary>
    void Finish(LoadLoop loop);

    WatchFigures? WatchFigures(double seconds);

    /// <summary>Null for a workload without logins.</summary>
    LoginFigures? LoginFigures() => null;
}
