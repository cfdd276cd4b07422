using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <content>Membership changes and the transfer of leadership.</content>
internal sealed partial class RaftNode
{
    public AppendRefusal TryAppendConfChange(ulong term, ConfChange change, out AppendedEntry entry)
    {
        entry = default;
        if (_writer.IsDiskFull || _applier.IsStoreFaulted)
        {
            return AppendRefusal.DiskFull;
        }

        (var refusal, entry) = Touch(
            (term, change),
            (AppendRefusal.Stopped, default(AppendedEntry)),
            static (node, proposal) =>
            {
                if (node._core.Term != proposal.term)
                {
                    return (AppendRefusal.NotLeader, default);
                }

                var result = node._core.ProposeConfChange(proposal.change, out var index, out var appendedTerm);
                return node.Proposed(result, index, appendedTerm);
            });
        return refusal;
    }

    public IReadOnlyList<ProgressStatus> Progress()
    {
        lock (_gate)
        {
            return _core.GetProgress();
        }
    }

    public TransferResult TransferLeadership(ulong to) => Touch(to, TransferResult.NotLeader, static (node, to) =>
    {
        var result = node._core.TransferLeadership(to);
        node.Pump();
        return result;
    });

    /// <summary>Puts membership changes into force that the state machine did not refuse.</summary>
    private void Configure(IReadOnlyList<Entry> entries, IReadOnlyList<EntryOutcome> outcomes)
    {
        lock (_gate)
        {
            if (_hasFailed)
            {
                return;
            }

            WorkOrFreeze((entries, outcomes), static (node, applied) => node.ConfigureCore(applied.entries, applied.outcomes));
        }
    }

    private void ConfigureCore(IReadOnlyList<Entry> entries, IReadOnlyList<EntryOutcome> outcomes)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Kind == EntryKind.ConfChange && outcomes[i].ModuleResult is not ConfChangeRefusal
                && ConfChangeCodec.TryDecode(entries[i].Data, out var change))
            {
                _core.ApplyConfChange(entries[i].Index, change);
            }
        }

        _mayLeadAlone = !_core.IsLeader && _core.ConfState.IsSingleVoter(_core.Id);
    }
}
