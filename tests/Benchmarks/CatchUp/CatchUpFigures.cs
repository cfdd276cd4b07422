namespace Krewe.Benchmarks.CatchUp;

/// <summary>What clients saw while an empty member caught up.</summary>
/// <param name="Milliseconds">From the request to add it until it could be promoted.</param>
/// <param name="Normal">Puts before.</param>
/// <param name="During">Puts from the request on until it had caught up.</param>
/// <param name="Errors">Requests that failed.</param>
internal sealed record CatchUpFigures(double Milliseconds, SliceFigures Normal, SliceFigures During, long Errors);
