using Krewe.Lab.Histories;

namespace Krewe.Lab.Clients;

/// <summary>A part of a long run with keys of its own, which is judged before the next begins: so histories stay small.</summary>
/// <param name="First">The first revision that may be written in it.</param>
/// <param name="Unresolved">Writes of earlier windows that may still happen, or that were there before.</param>
internal sealed record LabWindow(int Number, long First, IReadOnlyList<Operation> Unresolved)
{
    public LabWindow Next(WindowOutcome outcome) => new(Number + 1, outcome.Last + 1, outcome.Unresolved);
}
