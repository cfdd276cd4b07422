using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Raft.Core;
using Krewe.Raft.Log;

namespace Krewe.Silo.Bootstrap;

/// <summary>
/// Turns a member's log into that of a cluster of one (<c>--force-new-cluster</c>): what is not committed is discarded, and committed
/// changes that remove all other members are put behind the rest. The data stays.
/// </summary>
internal static class NewClusterOfOne
{
    private const long ReadBytes = 16 << 20;

    /// <param name="log">The member's log, before anything drives it.</param>
    /// <param name="self">This member, for a configuration that does not have it any more.</param>
    /// <param name="configuration">The configuration as of <paramref name="appliedIndex"/>.</param>
    /// <param name="appliedIndex">What the store holds.</param>
    /// <param name="isKnownMember">Whether the store has this member's row.</param>
    public static void Rewrite(WriteAheadLog log, Member self, ConfState configuration, ulong appliedIndex, bool isKnownMember)
    {
        var committed = Math.Max(log.HardState.Commit, appliedIndex);
        var atCommit = Fold(log, configuration, appliedIndex, committed);
        var changes = new List<ConfChange>();
        if (!atCommit.IsVoter(self.Id))
        {
            changes.Add(ConfChange.Single(ConfChangeKind.AddVoter, self.Id, isKnownMember ? default : MemberCodec.Encode(self)));
        }

        changes.AddRange(atCommit.Voters.Concat(atCommit.Learners).Where(id => id != self.Id)
            .Select(id => ConfChange.Single(ConfChangeKind.Remove, id)));
        if (changes.Count == 0 && log.LastIndex == committed)
        {
            return;
        }

        var term = log.HardState.Term;
        var entries = changes.Select((change, i) => new Entry(committed + (ulong)i + 1, term, EntryKind.ConfChange, ConfChangeCodec.Encode(change))).ToList();
        if (entries.Count == 0)
        {
            // Nobody to remove, but there is a tail to discard: an entry without effect takes its place.
            entries.Add(new Entry(committed + 1, term, EntryKind.Normal, default));
        }

        log.Append(entries.ToArray(), new HardState(term, self.Id, entries[^1].Index));
        log.Sync();
    }

    /// <summary>The configuration as of the commit index, given that of the applied index.</summary>
    private static ConfState Fold(WriteAheadLog log, ConfState configuration, ulong appliedIndex, ulong committed)
    {
        var entries = new List<Entry>();
        for (var from = appliedIndex + 1; from <= committed; from = entries[^1].Index + 1)
        {
            entries.Clear();
            log.Read(from, committed + 1, ReadBytes, entries);
            foreach (var entry in entries.Where(e => e.Kind == EntryKind.ConfChange))
            {
                // A change that is refused when it is applied makes no difference here: its member is removed or there already.
                if (ConfChangeCodec.TryDecode(entry.Data, out var change) && ConfChanger.TryApply(configuration, change, out var next, out _))
                {
                    configuration = next;
                }
            }
        }

        return configuration;
    }
}
