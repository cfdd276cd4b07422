using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Keyspace.Tests;
using Krewe.Keyspace.Tests.Model;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;

namespace Krewe.Simulation.Checks;

/// <summary>
/// A watcher gets every event of its interval once, in order, whole revisions at a time, wherever it was served; all but what was
/// compacted before it came, which it is told of.
/// </summary>
internal static class WatchChecker
{
    public static void Check(SimWatcher watcher, ReferenceModel model)
    {
        RevisionEvents[] expected =
        [
            .. model.Events(2, watcher.Next - 1, key => ReferenceModel.Contains(watcher.Key, watcher.RangeEnd, key), compactRevision: 0)
                .Where(r => !watcher.Compacted.Exists(gap => r.Revision >= gap.From && r.Revision <= gap.To)),
        ];
        for (int i = 0; i < Math.Max(expected.Length, watcher.Received.Count); i++)
        {
            RevisionEvents? wanted = i < expected.Length ? expected[i] : null;
            RevisionEvents? got = i < watcher.Received.Count ? watcher.Received[i] : null;
            if (wanted is null || got is null || !Matches(wanted, got))
            {
                throw new SimulationException(
                    $"a watcher of {ReferenceModel.Text(watcher.Key)} that resumed {watcher.Resumes} times got {Text(got)}\nand not {Text(wanted)}");
            }
        }

        foreach ((long from, long to) in watcher.Compacted)
        {
            if (to >= model.State.CompactRevision)
            {
                throw new SimulationException($"a watcher was told that [{from}, {to}] is compacted, and only {model.State.CompactRevision} was");
            }
        }
    }

    private static bool Matches(RevisionEvents wanted, RevisionEvents got)
    {
        bool same = wanted.Revision == got.Revision && wanted.Events.Count == got.Events.Count;
        for (int i = 0; same && i < got.Events.Count; i++)
        {
            WatchEvent a = wanted.Events[i];
            WatchEvent b = got.Events[i];

            // A previous state may be compacted already.
            same = a.IsDelete == b.IsDelete && Text(a.Kv) == Text(b.Kv) && (b.PrevKv is null || Describe.Prev(a.PrevKv) == Describe.Prev(b.PrevKv));
        }

        return same;
    }

    private static string Text(in KeyValue kv) => Describe.Kv(kv);

    private static string Text(RevisionEvents? revision) => revision is null ? "nothing" : Describe.Events([revision]);
}
