using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Keyspace;

/// <summary>All that happened to the keyspace of a simulated cluster: operations, entries, leases, watchers. Judged at the end.</summary>
internal sealed class KeyspaceHistory
{
    private readonly Dictionary<(ulong Index, ulong Term), AppendedBatch> _appended = [];
    private readonly List<CommittedEntry> _committed = [];
    private readonly List<LeaseSign> _leaseSigns = [];
    private readonly ulong _firstIndex;

    public KeyspaceHistory(ulong bootstrapIndex) => _firstIndex = bootstrapIndex + 1;

    /// <summary>What the clients asked for.</summary>
    public List<KeyspaceOperation> Operations { get; } = [];

    public List<SimWatcher> Watchers { get; } = [];

    public IReadOnlyList<CommittedEntry> Committed => _committed;

    /// <summary>Signs of life and of death of leases.</summary>
    public IReadOnlyList<LeaseSign> LeaseSigns => _leaseSigns;

    public KeyspaceCounts Counts { get; } = new();

    public AppendedBatch? Find(in CommittedEntry entry) => _appended.GetValueOrDefault((entry.Index, entry.Term));

    public void Appended(in AppendedEntry entry, AppendedBatch batch) => _appended.Add((entry.Index, entry.Term), batch);

    public void AddLeaseSign(in LeaseSign sign) => _leaseSigns.Add(sign);

    /// <summary>A node applied an entry: every node must say the same of it.</summary>
    public void Applied(ulong node, in Entry entry, EntryStatus status)
    {
        var now = new CommittedEntry(entry.Index, entry.Term, entry.Kind, entry.Data.IsEmpty, status);
        int at = (int)(entry.Index - _firstIndex);
        if (at == _committed.Count)
        {
            _committed.Add(now);
        }
        else if (_committed[at] != now)
        {
            throw new SimulationException($"node {node} applies {now}, others {_committed[at]}");
        }
    }
}
