namespace Krewe.Benchmarks.CatchUp;

/// <summary>What clients saw while an empty member caught up.</summary>
/// <param name="Milliseconds">From the request to add it until it could be promoted.</param>
/// <param name="NormalP99">Of puts in each slice before, in microseconds.</param>
/// <param name="DuringP99">Of puts in each slice from the request on until it had caught up.</param>
/// <param name="Errors">Requests that failed.</param>
internal sealed record CatchUpFigures(double Milliseconds, IReadOnlyList<double> NormalP99, IReadOnlyList<double> DuringP99, long Errors);
