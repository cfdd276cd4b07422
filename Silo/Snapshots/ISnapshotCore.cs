using Krewe.Raft.Core;

namespace Krewe.Silo.Snapshots;

/// <summary>What the transfer of snapshots needs of the consensus core.</summary>
internal interface ISnapshotCore
{
    ulong CommitIndex { get; }

    /// <summary>Takes a message from another member.</summary>
    void Step(in Message message);

    /// <summary>Takes a snapshot message whose data is stored here; false if it is not wanted (any more).</summary>
    bool StepSnapshot(in Message message);

    /// <summary>The snapshot that was sent to the member arrived there, or did not and may be sent again.</summary>
    void ReportSnapshot(ulong memberId, bool succeeded);
}
