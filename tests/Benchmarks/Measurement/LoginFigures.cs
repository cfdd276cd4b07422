namespace Krewe.Benchmarks.Measurement;

/// <summary>What clients that reconnect with passwords saw.</summary>
/// <param name="Latency">From connecting to the answer of the get that follows Authenticate.</param>
/// <param name="Failures">Logins that failed in the measured window; they are tried again after a short pause.</param>
internal sealed record LoginFigures(double PerSecond, LatencySummary Latency, long Failures, string? FirstFailure);
