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

        lock (_gate)
        {
            if (_isStopped)
            {
                return AppendRefusal.Stopped;
            }

            if (_core.Term != term)
            {
                return AppendRefusal.NotLeader;
            }

            var result = _core.ProposeConfChange(change, out var index, out var appendedTerm);
            if (result != ProposeResult.Accepted)
            {
                return Refusal(result);
            }

            entry = new AppendedEntry(index, appendedTerm, _waiters.Add(index, appendedTerm));
            Pump();
            return AppendRefusal.None;
        }
    }

    public IReadOnlyList<ProgressStatus> Progress()
    {
        lock (_gate)
        {
            return _core.GetProgress();
        }
    }

    public TransferResult TransferLeadership(ulong to)
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                return TransferResult.NotLeader;
            }

            var result = _core.TransferLeadership(to);
            Pump();
            return result;
        }
    }

    /// <summary>Puts membership changes into force that the state machine did not refuse.</summary>
    private void Configure(IReadOnlyList<Entry> entries, IReadOnlyList<EntryOutcome> outcomes)
    {
        lock (_gate)
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
}
