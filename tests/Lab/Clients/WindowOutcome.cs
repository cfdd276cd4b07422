using System.Diagnostics;
using Krewe.Lab.Histories;

namespace Krewe.Lab.Clients;

/// <summary>What a window that was found correct has had.</summary>
/// <param name="Last">Its last revision.</param>
/// <param name="LongestGap">Between two answers to writes or linearizable reads, of any client.</param>
/// <param name="Unresolved">Writes with an ambiguous outcome that have not happened.</param>
internal sealed record WindowOutcome(
    long Last, int Acknowledged, int Ambiguous, int Reads, TimeSpan LongestGap, IReadOnlyList<Operation> Unresolved)
{
    /// <param name="earlier">What earlier windows left open.</param>
    public static WindowOutcome Of(RevisionLog log, IReadOnlyList<Operation> history, IReadOnlyList<Operation> earlier, long last)
    {
        var happened = log.Events.Select(e => e.State?.Value).OfType<string>().ToHashSet();
        Operation[] unresolved = [.. earlier.Concat(history).Where(o => !o.Acknowledged && !(o.Value is { } value && happened.Contains(value)))];
        return new WindowOutcome(
            last,
            history.Count(o => o.HasWritten),
            history.Count(o => !o.Acknowledged),
            history.Count(o => o.IsRead),
            LongestGapOf(history),
            unresolved);
    }

    private static TimeSpan LongestGapOf(IEnumerable<Operation> history)
    {
        var longest = TimeSpan.Zero;
        long? before = null;
        var answers = history.Where(o => o is { Acknowledged: true, Kind: not OperationKind.SerializableRead } && o.ReturnedAt != long.MaxValue);
        foreach (var at in answers.Select(o => o.ReturnedAt).Order())
        {
            var gap = before is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(before.Value, at);
            longest = gap > longest ? gap : longest;
            before = at;
        }

        return longest;
    }
}
