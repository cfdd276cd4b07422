using Krewe.Simulation.Model;

namespace Krewe.Simulation.Nodes;

/// <summary>A proposal that waits for its entry to be applied.</summary>
internal sealed record PendingWrite(ulong Term, int Client, int Number, IOperation Operation);
