namespace Krewe.Raft.Core;

/// <summary>A message between two nodes. Which fields count depends on <see cref="Type"/>.</summary>
public readonly record struct Message
{
    public MessageType Type { get; init; }

    public ulong To { get; init; }

    public ulong From { get; init; }

    /// <summary>The sender's term; for (pre-)votes the term that is asked for or granted; 0 for <see cref="MessageType.ReadIndex"/>.</summary>
    public ulong Term { get; init; }

    /// <summary>Append: index before the first entry. AppendResponse: acknowledged or rejected index. Votes: last index. Reads: read index.</summary>
    public ulong Index { get; init; }

    /// <summary>Term of the entry at <see cref="Index"/>; in a rejection, of the entry at <see cref="RejectHint"/>.</summary>
    public ulong LogTerm { get; init; }

    /// <summary>The leader's commit index, as far as the receiver may trust it.</summary>
    public ulong Commit { get; init; }

    public bool Reject { get; init; }

    /// <summary>Vote: the leader itself asked for this campaign, so leases don't stand against it.</summary>
    public bool Force { get; init; }

    /// <summary>Append without entries: only tells the commit index, and is answered only if the logs don't agree.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Where the follower guesses that the logs agree.</summary>
    public ulong RejectHint { get; init; }

    /// <summary>Heartbeats: number of the read batch. Reads: the caller's context.</summary>
    public ulong Context { get; init; }

    /// <summary>Heartbeats: the sender's tick count when it was sent, echoed by the response.</summary>
    public ulong SentTick { get; init; }

    /// <summary>Append: entries, contiguous from <see cref="Index"/> + 1. The memory is never changed by the core.</summary>
    public ReadOnlyMemory<Entry> Entries { get; init; }

    public SnapshotMetadata? Snapshot { get; init; }
}
