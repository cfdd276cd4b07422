using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace.Alarms;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Keyspace.Reads;
using Krewe.Grains.Keyspace.Values;
using Krewe.Raft.Core;

namespace Krewe.Grains.Keyspace.Applying;

/// <summary>The second half of applying: after the store took the batch, changes what reads see. Nothing here may fail.</summary>
internal sealed class ApplyExecutor(LeaseTable leases, AlarmTable alarms, KeyspaceCounters counters, int chunkChanges)
{
    private readonly List<StagedEvent> _events = [];
    private readonly List<(long Revision, int End)> _revisions = [];
    private AppliedView _view = null!;
    private int _changesLeft;

    public ValueCache? Values { get; private set; }

    public void Reset(AppliedView view, ValueCache values)
    {
        _view = view;
        Values = values;
    }

    public void Execute(ReadOnlySpan<Entry> entries, ReadOnlySpan<ApplyResult> results, IRevisionSink? sink)
    {
        KeyIndex index = _view.Index;
        index.EnterWrite();
        try
        {
            long revision = index.Revision;
            _changesLeft = chunkChanges;
            for (int i = 0; i < entries.Length; i++)
            {
                if (results[i].Status == ApplyStatus.Applied && entries[i].Kind == EntryKind.Normal && !entries[i].Data.IsEmpty)
                {
                    Execute(entries[i].Data.Span, ref revision, sink is not null);
                }
            }

            index.SetRevision(revision);
        }
        finally
        {
            index.ExitWrite();
        }
    }

    /// <summary>Publishes what the last batch changed, one revision after the other.</summary>
    public void PublishEvents(IRevisionSink? sink)
    {
        int at = 0;
        foreach ((long revision, int end) in _revisions)
        {
            var events = new WatchEvent[end - at];
            for (int i = 0; i < events.Length; i++, at++)
            {
                events[i] = Complete(_events[at], sink!.WantsPrevKv);
            }

            sink!.Publish(new RevisionEvents(revision, events));
            counters.PublishedEvents += events.Length;
        }

        counters.PublishedRevisions += _revisions.Count;
        _revisions.Clear();
        _events.Clear();
    }

    private WatchEvent Complete(in StagedEvent staged, bool wantsPrevKv)
    {
        KeyValue? prev = staged.HasPrev && (staged.Prev.IsComplete || wantsPrevKv) ? _view.Complete(staged.Prev) : null;
        return new WatchEvent(staged.IsDelete, staged.Kv, prev);
    }

    private void Execute(ReadOnlySpan<byte> payload, ref long revision, bool stage)
    {
        var reader = new EntryReader(payload);
        while (reader.TryReadCommand(out CommandKind kind, out ReadOnlySpan<byte> body))
        {
            if (kind == CommandKind.Mutation)
            {
                Mutate(body, ++revision, stage);
            }
            else
            {
                Execute(kind, body);
            }
        }
    }

    private void Execute(CommandKind kind, ReadOnlySpan<byte> body)
    {
        var reader = new PayloadReader(body);
        switch (kind)
        {
            case CommandKind.LeaseGrant:
                leases.Grant(reader.ReadFixed64(), (long)reader.ReadVarint());
                break;
            case CommandKind.LeaseRevoke:
                leases.Revoke(reader.ReadFixed64());
                break;
            case CommandKind.AlarmActivate:
                alarms.Add(ApplyPlanner.ReadAlarm(ref reader));
                break;
            case CommandKind.AlarmDeactivate:
                alarms.Remove(ApplyPlanner.ReadAlarm(ref reader));
                break;
            case CommandKind.LeaseCheckpoint:
                while (!reader.AtEnd)
                {
                    leases.Checkpoint(reader.ReadFixed64(), (long)reader.ReadVarint());
                }

                break;
            default:
                // Compactions take effect when the batch is published; modules applied theirs while it was planned.
                break;
        }
    }

    private void Mutate(ReadOnlySpan<byte> body, long revision, bool stage)
    {
        int sub = 0;
        var effects = new MutationReader(body);
        while (effects.TryRead(out Effect effect))
        {
            KeyRecord record = _view.Index.GetOrAdd(effect.Key);
            KeyState prev = default;
            bool hasPrev = stage && TryGetBefore(record, revision, out prev);
            MoveLease(record, effect.Lease);
            if (effect.IsDelete)
            {
                _view.Index.Delete(record, revision, sub);
                counters.Deletes++;
            }
            else
            {
                Put(record, revision, sub, effect);
            }

            if (stage)
            {
                Stage(record, revision, effect, hasPrev && !IsCreation(effect), prev);
            }

            sub++;
            if (--_changesLeft == 0)
            {
                _view.Index.YieldWrite();
                _changesLeft = chunkChanges;
            }
        }

        if (stage)
        {
            _revisions.Add((revision, _events.Count));
        }
    }

    private void Put(KeyRecord record, long revision, int sub, in Effect effect)
    {
        ValueRef value = Values!.Append(effect.Value);
        long create = effect.Create == 0 ? revision : effect.Create;
        _view.Index.Put(record, revision, sub, create, effect.Version, effect.Lease, value);
        counters.Puts++;
    }

    private void MoveLease(KeyRecord record, long lease)
    {
        if (record.Lease == lease)
        {
            return;
        }

        if (record.Lease != 0)
        {
            leases.Detach(record.Lease, record.Key);
        }

        if (lease != 0)
        {
            leases.Attach(lease, record.Key);
        }
    }

    private static bool IsCreation(in Effect effect) => !effect.IsDelete && effect.Create == 0;

    // Events carry the state before their revision, also when the revision changes a key twice (behaviours 87, 131).
    private static bool TryGetBefore(KeyRecord record, long revision, out KeyState prev) =>
        record.Main == revision ? record.TryGetAt(revision - 1, out prev) : record.TryGetLatest(out prev);

    private void Stage(KeyRecord record, long revision, in Effect effect, bool hasPrev, in KeyState prev)
    {
        if (effect.IsDelete)
        {
            _events.Add(new StagedEvent(true, new KeyValue(record.Key, 0, revision, 0, default, 0), hasPrev, prev));
            return;
        }

        // A value that the cache does not take is copied for the event alone.
        record.TryGetLatest(out KeyState now);
        ReadOnlyMemory<byte> value = now.IsComplete ? now.Value : effect.Value.ToArray();
        _events.Add(new StagedEvent(
            false, new KeyValue(record.Key, now.Create, revision, now.Version, value, effect.Lease), hasPrev, prev));
    }
}
