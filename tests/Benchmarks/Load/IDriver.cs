using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Load;

/// <summary>Runs the clients of one workload over one kind of gRPC client.</summary>
internal interface IDriver
{
    /// <summary>What was measured; complete when <see cref="Run"/> has returned.</summary>
    Tally Tally { get; }

    /// <summary>Starts the clients, calls <paramref name="started"/>, and returns some time after the window was stopped.</summary>
    void Run(Action started);

    WatchFigures? WatchFigures(double seconds);

    /// <summary>Null for a workload without logins.</summary>
    LoginFigures? LoginFigures() => null;
}
