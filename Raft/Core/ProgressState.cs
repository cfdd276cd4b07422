namespace Krewe.Raft.Core;

/// <summary>How the leader replicates to one peer.</summary>
public enum ProgressState : byte
{
    /// <summary>One append at a time, to find where the logs agree.</summary>
    Probe = 0,

    /// <summary>Pipelined appends.</summary>
    Replicate = 1,

    /// <summary>Waits for the peer to restore a snapshot.</summary>
    Snapshot = 2,
}
