using System.Collections.Concurrent;
using Krewe.Raft.Core;
using Krewe.Silo.Snapshots;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>Remembers what it was given.</summary>
internal sealed class FakeCore : ISnapshotCore
{
    public ulong CommitIndex { get; set; }

    /// <summary>Whether it takes snapshots.</summary>
    public bool Takes { get; set; } = true;

    /// <summary>What happens when it is offered a snapshot.</summary>
    public Action Offered { get; set; } = () => { };

    public ConcurrentQueue<Message> Stepped { get; } = new();

    public ConcurrentQueue<SnapshotMetadata> Taken { get; } = new();

    public ConcurrentQueue<(ulong Member, bool Succeeded)> Reports { get; } = new();

    public void Step(in Message message) => Stepped.Enqueue(message);

    public bool StepSnapshot(in Message message)
    {
        Offered();
        if (Takes)
        {
            Taken.Enqueue(message.Snapshot!);
        }

        return Takes;
    }

    public void ReportSnapshot(ulong memberId, bool succeeded) => Reports.Enqueue((memberId, succeeded));
}
