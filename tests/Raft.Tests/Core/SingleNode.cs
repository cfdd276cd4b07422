using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Core;

/// <summary>A core without a disk: everything is durable and applied at once.</summary>
internal sealed class SingleNode : ILogReader, ISnapshotSource
{
    public SingleNode(RaftOptions? options = null, RaftInitialState? state = null)
        => Core = new RaftCore(options ?? new RaftOptions { Id = 1 }, state ?? new RaftInitialState { ConfState = new ConfState([1]) }, this, this);

    public RaftCore Core { get; }

    public List<Entry> Stored { get; } = [];

    public bool Remembers { get; init; } = true;

    public ReadOnlyMemory<Entry> Read(ulong from, ulong toExclusive, int maxBytes) => new[] { Stored[(int)from - 1] };

    public ulong Term(ulong index) => index == 0 ? 0 : Stored[(int)index - 1].Term;

    public SnapshotMetadata? TryGetSnapshot(ulong minIndex) => null;

    /// <summary>Does all work and returns the number of applied entries.</summary>
    public int Process()
    {
        int applied = 0;
        while (Core.HasReady)
        {
            Ready ready = Core.TakeReady();
            if (Remembers)
            {
                foreach (Entry entry in ready.Entries.Span)
                {
                    Stored.Add(entry);
                }
            }

            Core.AppendDurable(ready.AppendSequence);
            if (ready.CommittedEntries.Length > 0)
            {
                applied += ready.CommittedEntries.Length;
                Core.Applied(ready.CommittedEntries.Span[^1].Index);
            }

            Core.Recycle(ready);
        }

        return applied;
    }
}
