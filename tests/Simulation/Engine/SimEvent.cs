namespace Krewe.Simulation.Engine;

/// <summary>Something that happens at a point in virtual time.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">Index of the node or client.</param>
/// <param name="Stamp">Incarnation of the node, or number of the operation; out of date events are ignored.</param>
/// <param name="Slot">Slot of the message, or another argument.</param>
internal readonly record struct SimEvent(EventKind Kind, int Target, int Stamp, int Slot);
