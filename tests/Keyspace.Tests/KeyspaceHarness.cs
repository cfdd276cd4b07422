using System.Text;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Compaction;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;

namespace Krewe.Keyspace.Tests;

/// <summary>A keyspace with its tail and a log in memory: a member without Raft.</summary>
internal sealed class KeyspaceHarness : IDisposable
{
    private readonly KeyspaceOptions _options;
    private readonly IOwnershipView? _owners;
    private readonly IReadOnlyList<IStateModule> _modules;

    public KeyspaceHarness(
        KeyspaceOptions? options = null,
        MemoryKeyspaceStore? store = null,
        List<Entry>? log = null,
        IOwnershipView? owners = null,
        IReadOnlyList<IStateModule>? modules = null)
    {
        _options = options ?? new KeyspaceOptions { ValueChunkBytes = 4096, ScanChunkKeys = 7 };
        _owners = owners;
        _modules = modules ?? [];
        Store = store ?? new MemoryKeyspaceStore();
        Log = log ?? [];
        Start();
    }

    public MemoryKeyspaceStore Store { get; }

    public List<Entry> Log { get; }

    public KeyspaceState State { get; private set; } = null!;

    public Tail Tail { get; private set; } = null!;

    public RecordingSink Sink { get; } = new();

    public ulong Term { get; private set; } = 1;

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    public static PutRequest Put(string key, string value = "v", long lease = 0, bool prevKv = false) =>
        new() { Key = Bytes(key), Value = Bytes(value), Lease = lease, PrevKv = prevKv };

    /// <summary>The directory as of the tail of the log.</summary>
    public TailOwners TailOwners { get; } = new();

    public static DeleteRangeRequest Delete(string key, string end = "", bool prevKv = false) =>
        new() { Key = Bytes(key), RangeEnd = Bytes(end), PrevKv = prevKv };

    public static RangeRequest Get(string key, string end = "", long revision = 0) =>
        new() { Key = Bytes(key), RangeEnd = Bytes(end), Revision = revision };

    /// <summary>Starts from the store, and replays the log that it lacks.</summary>
    public void Start()
    {
        State = new KeyspaceState(_options, _owners, _modules) { Sink = Sink };
        State.Load(Store);
        Tail = new Tail(State, _options, TailOwners);
        Tail.Reset(Term);
    }

    /// <summary>Evaluates, appends and applies one operation.</summary>
    public KvOutcome Do(KvOperation operation)
    {
        KvOutcome outcome = Append(batch => batch.Evaluate(operation));
        ApplyAll();
        return outcome;
    }

    public T Do<T>(KvOperation operation)
        where T : KvResult
    {
        KvOutcome outcome = Do(operation);
        Assert.Equal(EtcdError.None, outcome.Error);
        return Assert.IsType<T>(outcome.Result);
    }

    public RangeResult Range(RangeRequest request)
    {
        KvOutcome outcome = State.Range(request);
        Assert.Equal(EtcdError.None, outcome.Error);
        return Assert.IsType<RangeResult>(outcome.Result);
    }

    public string Value(string key)
    {
        RangeResult result = Range(Get(key));
        return result.Kvs.Count == 0 ? "-" : Text(result.Kvs[0].Value);
    }

    public string Keys(RangeRequest request) => string.Join(',', Range(request).Kvs.Select(kv => Text(kv.Key)));

    /// <summary>Evaluates in one batch and appends it to the log without applying it.</summary>
    public T Append<T>(Func<TailBatch, T> evaluate, params PrefixOwner[] owners)
    {
        lock (Tail.Gate)
        {
            Assert.Equal(TailStatus.Ready, Tail.TryBegin(owners, out TailBatch batch));
            T result = evaluate(batch);
            ReadOnlyMemory<byte> payload = batch.Seal();
            batch.Commit(AppendPayload(payload));
            return result;
        }
    }

    public ulong AppendPayload(ReadOnlyMemory<byte> payload)
    {
        ulong index = (ulong)Log.Count + 1;
        Log.Add(new Entry(index, Term, EntryKind.Normal, payload));
        return index;
    }

    public ApplyResult[] ApplyAll() => Apply(int.MaxValue);

    /// <summary>Applies up to so many entries as one batch.</summary>
    public ApplyResult[] Apply(int max)
    {
        Entry[] entries = Log.Skip((int)State.AppliedIndex).Take(max).ToArray();
        var results = new ApplyResult[entries.Length];
        State.Apply(entries, results);
        return results;
    }

    public void Compact(long revision)
    {
        Assert.Equal(EtcdError.None, Append(batch => batch.Compact(revision)).Error);
        ApplyAll();
    }

    public void RemoveCompacted(int rowsPerStep = 3)
    {
        CompactionProgress progress;
        do
        {
            progress = State.CompactStep(rowsPerStep);
            Assert.NotEqual(CompactionProgress.Waiting, progress);
        }
        while (progress != CompactionProgress.Finished);
    }

    /// <summary>Another term: what was not applied is gone from the log.</summary>
    public void LoseTail()
    {
        Term++;
        Log.RemoveRange((int)State.AppliedIndex, Log.Count - (int)State.AppliedIndex);
        AppendPayload(default);
        ApplyAll();
        Tail.Reset(Term);
    }

    public IReadOnlyList<RevisionEvents> History(long from, string key = "\0", string end = "\0", bool withPrevKv = true)
    {
        List<RevisionEvents> all = [];
        long next = from;
        while (next <= State.Revision)
        {
            var page = State.History(next, long.MaxValue, KeyInterval.From(Bytes(key), Bytes(end)), 2, withPrevKv);
            Assert.Equal(EtcdError.None, page.Error);
            Assert.True(page.NextRevision > next);
            all.AddRange(page.Revisions);
            next = page.NextRevision;
        }

        return all;
    }

    public void Dispose() => State.Dispose();
}
