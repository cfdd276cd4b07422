using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;

namespace Krewe.Grains.Keyspace.Applying;

/// <summary>
/// The first half of applying: decides which entries take effect and collects all rows in one batch. It changes nothing that reads
/// see (except in modules), so that a store that fails to write the batch can be tried again.
/// </summary>
internal sealed class ApplyPlanner(LeaseTable leases, IOwnershipView? owners, IReadOnlyList<IStateModule> modules) : IDisposable
{
    private readonly Dictionary<long, long> _granted = [];
    private readonly HashSet<long> _revoked = [];
    private readonly RowWriter _rows = new();
    private IStoreBatch? _batch;
    private ApplyResult[] _results = [];
    private ulong _plannedFirst;
    private ulong _plannedLast;
    private bool _hasFormat;

    /// <summary>Revision after the planned entries.</summary>
    public long Revision { get; private set; }

    public long CompactRevision { get; private set; }

    public IStoreBatch Batch => _batch!;

    /// <summary>Starts from what a store holds.</summary>
    public void Reset(IKeyspaceStore store, long revision, long compactRevision)
    {
        _batch?.Dispose();
        _batch = store.CreateBatch();
        _plannedFirst = 0;
        _plannedLast = 0;
        _hasFormat = store.Get(StoreTable.Meta, MetaRows.Format) is not null;
        Revision = revision;
        CompactRevision = compactRevision;
    }

    /// <summary>Plans a batch; does nothing if the same batch is planned already and waits to be written.</summary>
    public void Plan(ReadOnlySpan<Entry> entries, ulong appliedIndex)
    {
        if (_plannedLast != 0)
        {
            Require(_plannedFirst == entries[0].Index && _plannedLast == entries[^1].Index, "Another batch waits to be written.");
            return;
        }

        _batch!.Clear();
        _granted.Clear();
        _revoked.Clear();
        if (_results.Length < entries.Length)
        {
            _results = new ApplyResult[Math.Max(entries.Length, _results.Length * 2)];
        }

        long revisionBefore = Revision;
        for (int i = 0; i < entries.Length; i++)
        {
            Require(entries[i].Index == appliedIndex + (ulong)i + 1, "Entries must be applied in order and without gaps.");
            _results[i] = PlanEntry(entries[i]);
        }

        WriteMeta(revisionBefore);
        _plannedFirst = entries[0].Index;
        _plannedLast = entries[^1].Index;
    }

    /// <summary>Hands over the results of the batch, which was written.</summary>
    public void TakeResults(Span<ApplyResult> results)
    {
        int count = (int)(_plannedLast - _plannedFirst) + 1;
        Require(results.Length == count, "There must be one result per entry.");
        _results.AsSpan(0, count).CopyTo(results);
        Array.Clear(_results, 0, count);
        _plannedLast = 0;
    }

    public void Dispose() => _batch?.Dispose();

    private void WriteMeta(long revisionBefore)
    {
        if (!_hasFormat)
        {
            _batch!.Put(StoreTable.Meta, MetaRows.Format, [MetaRows.FormatVersion]);
            _hasFormat = true;
        }

        if (Revision != revisionBefore)
        {
            MetaRows.Put(_batch!, MetaRows.Revision, Revision);
        }
    }

    private ApplyResult PlanEntry(in Entry entry)
    {
        if (entry.Kind != EntryKind.Normal)
        {
            return new ApplyResult(entry.Index, entry.Term, ApplyStatus.Applied, PlanConfChange(entry));
        }

        if (entry.Data.IsEmpty)
        {
            BeginTerm(entry);
            return new ApplyResult(entry.Index, entry.Term, ApplyStatus.Applied, null);
        }

        var reader = new EntryReader(entry.Data.Span);
        ApplyStatus status = Judge(ref reader);
        List<object?>? moduleResults = null;
        while (status == ApplyStatus.Applied && reader.TryReadCommand(out CommandKind kind, out ReadOnlySpan<byte> body))
        {
            PlanCommand(entry, kind, body, ref moduleResults);
        }

        return new ApplyResult(entry.Index, entry.Term, status, moduleResults);
    }

    private object?[]? PlanConfChange(in Entry entry)
    {
        foreach (IStateModule module in modules)
        {
            if (module is IConfigurationModule configuration
                && configuration.ApplyConfChange(entry.Data, new ModuleContext(entry.Index, entry.Term, _batch!)) is { } refusal)
            {
                return [refusal];
            }
        }

        return null;
    }

    private void BeginTerm(in Entry entry)
    {
        var context = new ModuleContext(entry.Index, entry.Term, _batch!);
        foreach (IStateModule module in modules)
        {
            module.BeginTerm(context);
        }
    }

    private ApplyStatus Judge(ref EntryReader reader)
    {
        while (reader.TryReadFence(out ReadOnlySpan<byte> prefix, out Guid activationId, out ulong term))
        {
            if (owners is not null && !owners.IsOwner(prefix, activationId, term))
            {
                return ApplyStatus.RefusedOwner;
            }
        }

        return reader.HasBaseRevision && reader.BaseRevision != Revision ? ApplyStatus.RefusedRevision : ApplyStatus.Applied;
    }

    private void PlanCommand(in Entry entry, CommandKind kind, ReadOnlySpan<byte> body, ref List<object?>? moduleResults)
    {
        var reader = new PayloadReader(body);
        switch (kind)
        {
            case CommandKind.Mutation:
                PlanMutation(body);
                break;
            case CommandKind.LeaseGrant:
                PlanGrant(reader.ReadFixed64(), (long)reader.ReadVarint());
                break;
            case CommandKind.LeaseRevoke:
                PlanRevoke(reader.ReadFixed64());
                break;
            case CommandKind.Compaction:
                PlanCompaction((long)reader.ReadVarint());
                break;
            case CommandKind.AlarmActivate:
                AlarmRow.Put(_batch!, ReadAlarm(ref reader));
                break;
            case CommandKind.AlarmDeactivate:
                AlarmRow.Delete(_batch!, ReadAlarm(ref reader));
                break;
            case CommandKind.LeaseCheckpoint:
                PlanCheckpoints(ref reader);
                break;
            default:
                (moduleResults ??= []).Add(ModuleFor(kind).Apply(body, new ModuleContext(entry.Index, entry.Term, _batch!)));
                break;
        }
    }

    private void PlanMutation(ReadOnlySpan<byte> body)
    {
        Revision++;
        int sub = 0;
        var effects = new MutationReader(body);
        while (effects.TryRead(out Effect effect))
        {
            _rows.Write(_batch!, Revision, sub++, effect);
        }
    }

    private void PlanGrant(long id, long ttlSeconds)
    {
        // A second grant of one ID changes nothing; the writer of the log has refused it already.
        if (TtlOf(id) is null)
        {
            _revoked.Remove(id);
            _granted[id] = ttlSeconds;
            LeaseRow.Put(_batch!, id, ttlSeconds, 0);
        }
    }

    private void PlanRevoke(long id)
    {
        _granted.Remove(id);
        _revoked.Add(id);
        LeaseRow.Delete(_batch!, id);
    }

    private void PlanCheckpoints(ref PayloadReader reader)
    {
        while (!reader.AtEnd)
        {
            long id = reader.ReadFixed64();
            long remaining = (long)reader.ReadVarint();
            if (TtlOf(id) is { } ttl)
            {
                LeaseRow.Put(_batch!, id, ttl, remaining);
            }
        }
    }

    private long? TtlOf(long id)
    {
        if (_granted.TryGetValue(id, out long ttl))
        {
            return ttl;
        }

        return !_revoked.Contains(id) && leases.TryGet(id, out LeaseInfo lease) ? lease.TtlSeconds : null;
    }

    private void PlanCompaction(long revision)
    {
        if (revision > CompactRevision && revision <= Revision)
        {
            CompactRevision = revision;
            MetaRows.Put(_batch!, MetaRows.ScheduledCompaction, revision);
        }
    }

    private IStateModule ModuleFor(CommandKind kind)
    {
        foreach (IStateModule module in modules)
        {
            if (module.Kind == kind)
            {
                return module;
            }
        }

        throw new InvalidDataException($"A log entry has a command of kind {kind}, which this member does not know.");
    }

    internal static Alarm ReadAlarm(ref PayloadReader reader) => new((ulong)reader.ReadFixed64(), (AlarmType)reader.ReadByte());

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }
}
