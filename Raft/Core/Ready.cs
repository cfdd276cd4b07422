namespace Krewe.Raft.Core;

/// <summary>
/// Work for the driver, in the order in which <see cref="RaftCore.TakeReady"/> returned it. Several may be under way.
/// </summary>
/// <remarks>
/// The contract of the driver:
/// <list type="number">
/// <item><see cref="Messages"/> may be sent at once.</item>
/// <item>If <see cref="HasStorageWork"/>: write <see cref="HardState"/>, then <see cref="Snapshot"/>, then <see cref="Entries"/> to
/// the log, in this order and in the order of the Readys; a crash may leave any prefix of what is not durable. The commit index in it is
/// never ahead of what earlier Readys stored. The first entry's index says where to truncate.</item>
/// <item>When all storage work up to <see cref="AppendSequence"/> is durable: call
/// <see cref="RaftCore.AppendDurable"/> with it and send <see cref="MessagesAfterDurable"/>. Only <see cref="MustSync"/> asks
/// for a sync by itself; without it the sequence is that of an earlier Ready, which may be durable already.</item>
/// <item>Restore <see cref="Snapshot"/> into the state machine once it is durable, then apply <see cref="CommittedEntries"/>, calling
/// <see cref="RaftCore.ApplyConfChange"/> for membership changes, and report by <see cref="RaftCore.Applied"/>.</item>
/// <item>Give it back by <see cref="RaftCore.Recycle"/> when nothing uses its memory any more (optional).</item>
/// </list>
/// </remarks>
public sealed class Ready
{
    internal Ready()
    {
    }

    /// <summary>Set when it changed.</summary>
    public SoftState? SoftState { get; internal set; }

    /// <summary>To be stored, when it changed.</summary>
    public HardState? HardState { get; internal set; }

    /// <summary>Whether the storage work needs a sync of its own: entries, snapshot, term or vote. A commit index alone does not.</summary>
    public bool MustSync { get; internal set; }

    /// <summary>Number of the last Ready up to and including this one that has <see cref="MustSync"/>; 0 if there was none yet.</summary>
    public ulong AppendSequence { get; internal set; }

    /// <summary>To be stored, and then restored.</summary>
    public SnapshotMetadata? Snapshot { get; internal set; }

    /// <summary>To be stored. Contiguous; the first one may overwrite.</summary>
    public ReadOnlyMemory<Entry> Entries => EntryBuffer.Memory;

    /// <summary>To be sent at once.</summary>
    public ReadOnlyMemory<Message> Messages => MessageBuffer.Memory;

    /// <summary>To be sent when everything up to <see cref="AppendSequence"/> is durable.</summary>
    public ReadOnlyMemory<Message> MessagesAfterDurable => DurableMessageBuffer.Memory;

    /// <summary>To be applied, in order. They are durable here.</summary>
    public ReadOnlyMemory<Entry> CommittedEntries => CommittedBuffer.Memory;

    /// <summary>Reads that may be answered once <see cref="ReadState.Index"/> is applied.</summary>
    public ReadOnlyMemory<ReadState> ReadStates => ReadBuffer.Memory;

    public bool HasStorageWork => HardState is not null || Snapshot is not null || EntryBuffer.Count > 0;

    internal ReadyBuffer<Entry> EntryBuffer { get; } = new();

    internal ReadyBuffer<Message> MessageBuffer { get; set; } = new();

    internal ReadyBuffer<Message> DurableMessageBuffer { get; set; } = new();

    internal ReadyBuffer<Entry> CommittedBuffer { get; } = new();

    internal ReadyBuffer<ReadState> ReadBuffer { get; set; } = new();

    internal void Clear()
    {
        SoftState = null;
        HardState = null;
        MustSync = false;
        AppendSequence = 0;
        Snapshot = null;
        EntryBuffer.Clear();
        MessageBuffer.Clear();
        DurableMessageBuffer.Clear();
        CommittedBuffer.Clear();
        ReadBuffer.Clear();
    }
}
