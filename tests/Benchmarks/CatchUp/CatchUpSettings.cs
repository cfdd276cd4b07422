using Krewe.Benchmarks.Load;

namespace Krewe.Benchmarks.CatchUp;

/// <summary>What is written while an empty member catches up.</summary>
/// <param name="Load">The keys that exist, and the clients; its duration is that of a slice.</param>
/// <param name="NormalSlices">Slices before the member is added, which say what is normal.</param>
/// <param name="MaxSlices">A member that has not caught up after so many is given up.</param>
internal sealed record CatchUpSettings(LoadSettings Load, int NormalSlices, int MaxSlices);
