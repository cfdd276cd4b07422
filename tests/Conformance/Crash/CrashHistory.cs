using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Crash;

/// <summary>What the writers know, checked against the store and against what the followers saw.</summary>
internal sealed class CrashHistory
{
    private readonly Dictionary<long, List<AcknowledgedWrite>> _acknowledged = [];
    private readonly HashSet<string> _unknown = [];
    private long _highest;

    /// <summary>Acknowledged writes so far.</summary>
    public int Writes { get; private set; }

    public int Unknown => _unknown.Count;

    public void Add(Writer writer)
    {
        foreach (var write in writer.Acknowledged)
        {
            if (!_acknowledged.TryGetValue(write.Revision, out var writes))
            {
                _acknowledged[write.Revision] = writes = [];
            }

            writes.Add(write);
            _highest = Math.Max(_highest, write.Revision);
            Writes++;
        }

        _unknown.UnionWith(writer.Unknown);
    }

    /// <summary>Reads the whole store, lets the followers catch up, and compares everything with what was acknowledged.</summary>
    public async Task VerifyAsync(EtcdTarget target, IReadOnlyList<Follower> followers)
    {
        var store = await target.Kv.RangeAsync(Requests.Range("crash/", "crash0"), deadline: CaseRun.Deadline());
        Assert.True(store.Header.Revision >= _highest, $"revision {store.Header.Revision} is behind the acknowledged {_highest}");
        foreach (var follower in followers)
        {
            await follower.CatchUpAsync(store.Header.Revision);
            Assert.Null(follower.Violation);
            Compare(follower.History(), store.Header.Revision);
        }

        var history = followers[0].History();
        foreach (var kv in store.Kvs)
        {
            var (key, value) = (kv.Key.ToStringUtf8(), kv.Value.ToStringUtf8());
            Assert.True(history[kv.ModRevision].Contains((key, value)), $"{key}={value} at {kv.ModRevision} was never an event");
        }

        _highest = store.Header.Revision;
    }

    private void Compare(Dictionary<long, List<(string Key, string Value)>> history, long revision)
    {
        // Only these writers write, so every revision from 2 on is one of their writes: a gap is a lost or skipped event.
        for (var at = 2L; at <= revision; at++)
        {
            Assert.True(history.ContainsKey(at), $"no event for revision {at} of {revision}");
        }

        foreach (var (at, writes) in _acknowledged)
        {
            Assert.Equal(writes.Select(w => (w.Key, w.Value)), history[at]);
        }

        foreach (var (at, events) in history.Where(h => !_acknowledged.ContainsKey(h.Key)))
        {
            Assert.True(events.All(e => _unknown.Contains(e.Value)), $"revision {at} was never written: {string.Join(' ', events)}");
        }

        var unknownSeen = history.Where(h => !_acknowledged.ContainsKey(h.Key)).Select(h => h.Value[0].Value).ToList();
        Assert.Equal(unknownSeen.Count, unknownSeen.Distinct().Count());
    }
}
