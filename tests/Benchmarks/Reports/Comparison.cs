namespace Krewe.Benchmarks.Reports;

/// <summary>One workload on the reference server and on the one under test.</summary>
internal sealed record Comparison(string Workload, Side Reference, Side Tested);
