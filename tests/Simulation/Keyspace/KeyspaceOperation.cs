using Krewe.Grains.Interfaces.Kv;
using Krewe.Keyspace.Tests;
using Krewe.Simulation.Model;

namespace Krewe.Simulation.Keyspace;

/// <summary>An operation of etcd's API with its life in the total order of events.</summary>
internal sealed class KeyspaceOperation : IOperation
{
    public const long Never = long.MaxValue;

    public required KeyspaceOperationKind Kind { get; init; }

    /// <summary>Number of the operation in its history.</summary>
    public required int Number { get; init; }

    public int Client { get; init; } = -1;

    /// <summary>Of writes and ranges.</summary>
    public KvOperation? Request { get; init; }

    public long LeaseId { get; init; }

    public long TtlSeconds { get; init; }

    public long CompactRevision { get; init; }

    /// <summary>Whether it revokes a lease that ran out.</summary>
    public bool IsExpiry { get; init; }

    /// <summary>When it was first tried; later tries don't count.</summary>
    public long InvokedAt { get; private set; } = Never;

    /// <summary>Virtual time of the first try.</summary>
    public long InvokedTime { get; private set; } = Never;

    /// <summary><see cref="Never"/> while the outcome is unknown.</summary>
    public long CompletedAt { get; private set; } = Never;

    /// <summary>What the client was told.</summary>
    public KvOutcome Outcome { get; private set; }

    /// <summary>Whether the last try certainly had no effect.</summary>
    public bool HasFailed { get; private set; }

    public int Tries { get; private set; }

    /// <summary>Committed entries that it took effect in.</summary>
    public int Commits { get; set; }

    public bool IsComplete => CompletedAt != Never;

    public bool IsRead => Kind == KeyspaceOperationKind.Range;

    public bool IsSerializable => Request is RangeRequest { Serializable: true };

    public byte[]? Command => IsRead ? null : [];

    /// <summary>What to do when the read barrier of a renewal is passed; answers the outcome.</summary>
    public Func<KvOutcome>? Confirm { get; set; }

    public object? Read(IStateMachine state) => Confirm?.Invoke() ?? ((SimKeyspace)state).State.Range((RangeRequest)Request!);

    public void Invoked(long step)
    {
        if (step != Never)
        {
            InvokedAt = Math.Min(InvokedAt, step);
            Tries++;
            HasFailed = false;
        }
    }

    public void Reached(long time) => InvokedTime = Math.Min(InvokedTime, time);

    public void Completed(long step, object? result)
    {
        CompletedAt = step;
        Outcome = (KvOutcome)result!;
    }

    public void Failed() => HasFailed = true;

    public override string ToString()
    {
        string what = Kind switch
        {
            KeyspaceOperationKind.Grant => $"grant {LeaseId} for {TtlSeconds} s",
            KeyspaceOperationKind.Revoke => IsExpiry ? $"expire {LeaseId}" : $"revoke {LeaseId}",
            KeyspaceOperationKind.KeepAlive => $"keepalive {LeaseId}",
            KeyspaceOperationKind.Compact => $"compact {CompactRevision}",
            _ => Text(Request!),
        };
        string answer = IsComplete ? Text(Outcome) : HasFailed ? "failed" : "?";
        return $"operation {Number} of client {Client} [{InvokedAt}, {(IsComplete ? CompletedAt : "?")}] {what} -> {answer}";
    }

    public static string Text(in KvOutcome outcome) =>
        outcome.Result is null ? outcome.Error.ToString() : Describe.Outcome(outcome);

    private static string Text(KvOperation request) => request switch
    {
        PutRequest put => $"put {Key(put.Key)}={Key(put.Value)} lease {put.Lease}",
        DeleteRangeRequest delete => $"delete {Key(delete.Key)}..{Key(delete.RangeEnd)}",
        RangeRequest range => $"range {Key(range.Key)}..{Key(range.RangeEnd)} at {range.Revision}{(range.Serializable ? " serializable" : "")}",
        TxnRequest txn => $"txn if [{string.Join(", ", txn.Compares.Select(c => $"{Key(c.Key)} {c.Target} {c.Result} {c.Number}{Key(c.Value)}"))}] "
            + $"then [{string.Join(", ", txn.Success.Select(Text))}] else [{string.Join(", ", txn.Failure.Select(Text))}]",
        _ => request.GetType().Name,
    };

    private static string Key(ReadOnlyMemory<byte> key) => System.Text.Encoding.Latin1.GetString(key.Span);
}
