using System.Diagnostics;
using System.Globalization;
using Krewe.Lab.Clients;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Scenarios;

/// <summary>What a long run has had, in a few lines.</summary>
internal sealed class LongReport
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private readonly List<WindowOutcome> _windows = [];

    public void Count(string fault) => _faults[fault] = _faults.GetValueOrDefault(fault) + 1;

    public void Add(WindowOutcome outcome) => _windows.Add(outcome with { Unresolved = [] });

    public void Print(int renewals)
    {
        var faults = string.Join(", ", _faults.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Value} {f.Key}")));
        var gap = _windows.Count == 0 ? TimeSpan.Zero : _windows.Max(w => w.LongestGap);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            seed {LabSettings.Seed}: {Stopwatch.GetElapsedTime(_startedAt).TotalSeconds:F0} s, {_windows.Count} windows found correct
            faults: {faults}
            operations: {_windows.Sum(w => w.Acknowledged)} writes acknowledged, {_windows.Sum(w => w.Ambiguous)} ambiguous, {_windows.Sum(w => w.Reads)} reads, {renewals} lease renewals
            longest time without an answer to any client: {gap.TotalSeconds:F1} s
            """));
    }
}
