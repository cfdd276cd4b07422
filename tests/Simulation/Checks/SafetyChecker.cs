using Krewe.Raft.Core;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Checks;

/// <summary>
/// The invariants of Raft (paper figure 3) over all nodes, checked as things happen: election safety, log matching, leader completeness,
/// state machine safety, commits that never go back, and commits only of what a quorum has on stable storage.
/// </summary>
internal sealed class SafetyChecker(IReadOnlyList<SimNode> nodes)
{
    private readonly Dictionary<ulong, ulong> _leaders = [];
    private readonly Dictionary<(ulong Index, ulong Term), (ulong PrevTerm, int Hash)> _stored = [];
    private readonly List<Committed> _committed = [default];
    private readonly ulong[] _lastCommit = new ulong[nodes.Count];
    private readonly int[] _lastIncarnation = new int[nodes.Count];
    private readonly ulong[] _lastLeaderTerm = new ulong[nodes.Count];

    /// <summary>The highest index that any node ever knew to be committed.</summary>
    public ulong HighestCommit => (ulong)_committed.Count - 1;

    /// <summary>Terms that had a leader.</summary>
    public int LeaderCount => _leaders.Count;

    public void Bootstrapped(ulong index, ulong term)
    {
        while (HighestCommit < index)
        {
            _committed.Add(new Committed(term, term, 0));
        }
    }

    public void CheckNode(SimNode node)
    {
        if (node.Core is not { } core)
        {
            return;
        }

        int at = (int)node.Id - 1;
        if (core.IsLeader && _lastLeaderTerm[at] != core.Term)
        {
            _lastLeaderTerm[at] = core.Term;
            CheckLeader(node, core);
        }

        if (_lastIncarnation[at] != node.Incarnation)
        {
            _lastIncarnation[at] = node.Incarnation;
            _lastCommit[at] = core.FirstIndex - 1;
        }

        if (core.CommitIndex != _lastCommit[at])
        {
            CheckCommit(node, core, _lastCommit[at]);
            _lastCommit[at] = core.CommitIndex;
        }
    }

    public void CheckStored(SimNode node, ReadOnlySpan<Entry> entries)
    {
        foreach (ref readonly Entry entry in entries)
        {
            if (!node.Core!.TryGetTerm(entry.Index - 1, out ulong prevTerm))
            {
                continue;
            }

            (ulong, int) found = (prevTerm, Hash(entry));
            if (!_stored.TryAdd((entry.Index, entry.Term), found) && _stored[(entry.Index, entry.Term)] != found)
            {
                throw new SimulationException($"log matching: node {node.Id} has another entry at ({entry.Index}, term {entry.Term}) than others");
            }
        }
    }

    public void CheckApplied(SimNode node, in Entry entry)
    {
        if (entry.Index > HighestCommit || _committed[(int)entry.Index].Term != entry.Term)
        {
            throw new SimulationException($"state machine safety: node {node.Id} applies ({entry.Index}, term {entry.Term}), which is not committed");
        }
    }

    public void CheckState(SimNode node)
    {
        Committed committed = _committed[(int)node.Applied];
        ulong fingerprint = node.State.Fingerprint | 1;
        if (committed.Fingerprint == 0)
        {
            _committed[(int)node.Applied] = committed with { Fingerprint = fingerprint };
        }
        else if (committed.Fingerprint != fingerprint)
        {
            throw new SimulationException($"state machine safety: node {node.Id} has another state at {node.Applied} than others");
        }
    }

    private static int Hash(in Entry entry)
    {
        uint hash = 2166136261 ^ (uint)entry.Kind;
        foreach (byte b in entry.Data.Span)
        {
            hash = (hash ^ b) * 16777619;
        }

        return (int)hash;
    }

    private void CheckLeader(SimNode node, RaftCore core)
    {
        if (!_leaders.TryAdd(core.Term, node.Id) && _leaders[core.Term] != node.Id)
        {
            throw new SimulationException($"election safety: nodes {_leaders[core.Term]} and {node.Id} lead in term {core.Term}");
        }

        for (ulong i = HighestCommit; i > 0; i--)
        {
            Committed committed = _committed[(int)i];
            if (committed.CommittedInTerm >= core.Term)
            {
                continue;
            }

            bool has = i < core.FirstIndex || (core.TryGetTerm(i, out ulong term) && term == committed.Term);
            if (!has)
            {
                throw new SimulationException($"leader completeness: node {node.Id} leads in term {core.Term} without committed entry {i}");
            }

            return;
        }
    }

    private void CheckCommit(SimNode node, RaftCore core, ulong before)
    {
        if (core.CommitIndex < before)
        {
            throw new SimulationException($"node {node.Id} takes back commits from {before} to {core.CommitIndex}");
        }

        for (ulong i = Math.Max(before + 1, core.FirstIndex - 1); i <= core.CommitIndex; i++)
        {
            if (!core.TryGetTerm(i, out ulong term))
            {
                continue;
            }

            if (i > HighestCommit)
            {
                if (i != HighestCommit + 1)
                {
                    throw new SimulationException($"node {node.Id} commits {i} while nobody committed {HighestCommit + 1}");
                }

                _committed.Add(new Committed(term, core.Term, 0));
                if (i == core.CommitIndex)
                {
                    CheckQuorum(node, core, i, term);
                }
            }
            else if (_committed[(int)i].Term != term)
            {
                throw new SimulationException($"state machine safety: node {node.Id} commits another entry at {i} than others");
            }
        }
    }

    private void CheckQuorum(SimNode node, RaftCore core, ulong index, ulong term)
    {
        if (!IsDurable(core.ConfState.Voters, index, term)
            || (core.ConfState.IsJoint && !IsDurable(core.ConfState.VotersOutgoing, index, term)))
        {
            throw new SimulationException($"durability: node {node.Id} commits ({index}, term {term}), which no quorum has on disk");
        }
    }

    private bool IsDurable(IReadOnlyList<ulong> voters, ulong index, ulong term)
    {
        int durable = 0;
        foreach (ulong id in voters)
        {
            durable += nodes[(int)id - 1].Disk.Contains(index, term) ? 1 : 0;
        }

        return durable > voters.Count / 2;
    }

    private readonly record struct Committed(ulong Term, ulong CommittedInTerm, ulong Fingerprint);
}
