namespace Krewe.Simulation.Checks;

/// <summary>A check gave up before it knew. Not a pass; and not a find either where a mistake is planted.</summary>
internal sealed class UndecidedException(string message) : Exception(message);
