using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>
/// The leader's view of the end of the log: the applied state and what is appended but not applied. Requests are evaluated here, and
/// evaluation and append happen in one turn, so the order of evaluation is the order of the log (design, section 5). Usage:
/// <code>
/// lock (tail.Gate)
/// {
///     status = tail.TryBegin(owners, out TailBatch batch);      // Ready
///     outcome = batch.Evaluate(operation);                      // ... any number
///     index = raft.Append(batch.Seal());                        // also if the batch has no commands, see Seal
///     batch.Commit(index);                                      // or batch.Rollback()
/// }
/// </code>
/// Outcomes may be told once the entry is applied.
/// </summary>
public sealed class Tail
{
    private readonly KeyspaceState _state;
    private readonly ITailOwnership? _owners;
    private readonly TailBatch _batch;
    private ulong _lastIndex;
    private ulong _refusedSeen;
    private bool _resynchronising;

    /// <param name="state">The applied state.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="owners">Owners of prefixes as of the tail of the log; null knows none.</param>
    public Tail(KeyspaceState state, KeyspaceOptions options, ITailOwnership? owners = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _owners = owners;
        _state = state;
        Leases = new LeaseOverlay(state.Leases);
        View = new TailView(Overlay, options.ScanChunkKeys);
        _batch = new TailBatch(this);
    }

    /// <summary>Everything here happens under it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Term of the last <see cref="Reset"/>.</summary>
    public ulong Term { get; private set; }

    /// <summary>Revision after everything that is appended.</summary>
    public long Revision { get; internal set; }

    /// <summary>Last entry that was appended through this tail.</summary>
    public ulong LastIndex => _lastIndex;

    /// <summary>Keys that may not be applied yet.</summary>
    public int PendingKeys => Overlay.Count;

    /// <summary>Times that a refused entry made the tail start from the applied state again.</summary>
    public long Resynchronisations { get; private set; }

    internal long CompactRevision { get; set; }

    internal Alarm[] Alarms { get; set; } = [];

    internal Overlay Overlay { get; } = new();

    internal LeaseOverlay Leases { get; }

    internal TailView View { get; }

    internal CommandWriter Writer { get; } = new();

    internal KeyspaceCounters Counters => _state.Counters;

    internal Leases.LeaseTable AppliedLeases => _state.Leases;

    /// <summary>
    /// Starts from the applied state: when this member became the leader and applied the first entry of its term, and when it stops
    /// being one.
    /// </summary>
    public void Reset(ulong term)
    {
        Term = term;
        StartOver();
        _lastIndex = _state.AppliedIndex;
        _refusedSeen = _state.LastRefusedIndex;
    }

    /// <summary>Begins a batch; at most one at a time.</summary>
    /// <param name="owners">Owners of the prefixes that the batch writes; none for writes that need no owner.</param>
    /// <param name="batch">The batch, if the answer is <see cref="TailStatus.Ready"/>.</param>
    public TailStatus TryBegin(ReadOnlySpan<PrefixOwner> owners, out TailBatch batch)
    {
        batch = _batch;
        if (!IsSynchronised())
        {
            return TailStatus.Resynchronising;
        }

        foreach (ref readonly PrefixOwner owner in owners)
        {
            if (owner.Term != Term || _owners is null || !_owners.IsOwner(owner.Prefix.Span, owner.ActivationId))
            {
                return TailStatus.NotOwner;
            }
        }

        View.Applied = _state.View;
        batch.Begin(owners);
        return TailStatus.Ready;
    }

    internal void Appended(ulong index) => _lastIndex = index;

    private bool IsSynchronised()
    {
        // In this order: a refusal is published before the applied index, so none up to it is missed.
        ulong applied = _state.AppliedIndex;
        ulong refused = _state.LastRefusedIndex;
        if (refused > _refusedSeen)
        {
            _refusedSeen = refused;
            _resynchronising = true;
        }

        if (!_resynchronising)
        {
            Overlay.Retire(applied);
            Leases.Retire(applied);
            return true;
        }

        if (applied < _lastIndex)
        {
            return false;
        }

        Resynchronisations++;
        StartOver();
        return true;
    }

    private void StartOver()
    {
        // A replaced state is not kept in memory until the next batch.
        View.Applied = _state.View;
        Overlay.Clear();
        Leases.Clear();
        Revision = _state.Revision;
        CompactRevision = _state.CompactRevision;
        Alarms = [.. _state.Alarms.Active];
        _resynchronising = false;
    }
}
