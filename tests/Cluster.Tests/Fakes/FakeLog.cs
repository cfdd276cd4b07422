using Krewe.Grains.Keyspace;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>A leader's log in memory, applied when the test says so.</summary>
internal sealed class FakeLog : IReplicatedLog
{
    private readonly List<(Entry Entry, TaskCompletionSource<EntryOutcome> Applied)> _waiting = [];
    private ulong _lastIndex;

    public ulong MemberId => 1;

    public ulong LeaderId => 1;

    public ulong Term { get; private set; } = 1;

    public bool IsReadyLeader => true;

    /// <summary>Entries that were appended.</summary>
    public int Appended { get; private set; }

    public AppendRefusal TryAppend(ulong term, ReadOnlyMemory<byte> payload, out AppendedEntry entry)
    {
        var applied = new TaskCompletionSource<EntryOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        entry = new AppendedEntry(++_lastIndex, term, applied.Task);
        _waiting.Add((new Entry(entry.Index, term, EntryKind.Normal, payload), applied));
        Appended++;
        return AppendRefusal.None;
    }

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <summary>Appends the first entry of the next term.</summary>
    public void BeginTerm()
    {
        Term++;
        TryAppend(Term, default, out _);
    }

    /// <summary>Applies all that is appended.</summary>
    public void ApplyTo(KeyspaceState state)
    {
        var results = new ApplyResult[_waiting.Count];
        state.Apply([.. _waiting.Select(w => w.Entry)], results);
        for (int i = 0; i < results.Length; i++)
        {
            EntryStatus status = results[i].Status == ApplyStatus.Applied ? EntryStatus.Applied : EntryStatus.Refused;
            _waiting[i].Applied.SetResult(new EntryOutcome(status, results[i].ModuleResults is { Count: > 0 } answers ? answers[0] : null));
        }

        _waiting.Clear();
    }
}
