namespace Krewe.Grains.Replication;

/// <summary>What became of an appended entry.</summary>
public enum EntryStatus
{
    Applied = 0,

    /// <summary>Committed, but refused on every member: its fence or its base revision did not hold. It changed nothing.</summary>
    Refused,

    /// <summary>Another leader's entry took its index: it certainly did not commit.</summary>
    Lost,

    /// <summary>The member stopped first; the outcome is unknown.</summary>
    Unknown,

    /// <summary>
    /// The entry is not in this member's log any more, by a change of leader or behind a snapshot. It may have committed all the same,
    /// or still do so through a member that has it.
    /// </summary>
    Undecided,
}
