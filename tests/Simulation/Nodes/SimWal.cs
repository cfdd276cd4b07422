using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Simulation.Engine;
using Krewe.Testing.Disk;

namespace Krewe.Simulation.Nodes;

/// <summary>The real write-ahead log below a node, over a directory in memory that loses power.</summary>
internal sealed class SimWal
{
    private readonly WalOptions _options;
    private MemoryDisk _disk = new();
    private WriteAheadLog _log;
    private uint _salt;

    public SimWal(ulong memberId)
    {
        _options = new WalOptions
        {
            SegmentBytes = WalOptions.MinSegmentBytes,
            PreallocateInBackground = false,
            NextSalt = () => ++_salt,
        };
        _log = WriteAheadLog.Create(_disk, new WalIdentity(1, memberId), default, _options);
    }

    public WriteAheadLog Log => _log;

    /// <summary>Power failures that cut something off the log.</summary>
    public int TornTails { get; private set; }

    public void Bootstrap(SimSnapshot checkpoint, HardState hardState)
    {
        _log.AppendSnapshot(new SnapshotMarker(checkpoint.Index, checkpoint.Term, default), hardState);
        _log.Sync();
    }

    /// <summary>Appends what a Ready wants stored; after each batch the log may be found so.</summary>
    public void Append(DiskWrite write, Action batchDone)
    {
        HardState? hardState = write.HardState;
        if (write.Snapshot is { } snapshot)
        {
            _log.AppendSnapshot(new SnapshotMarker(snapshot.Index, snapshot.Term, default), hardState);
            hardState = null;
            batchDone();
        }

        _log.Append(write.Entries, hardState);
        batchDone();
    }

    public void Sync() => _log.Sync();

    /// <summary>The checkpoint holds everything up to the index.</summary>
    public void Release(ulong index, ulong term)
    {
        _log.AppendSnapshot(new SnapshotMarker(index, term, default));
        _log.ReleaseTo(index);
    }

    /// <summary>Loses power and opens what is left.</summary>
    public void LosePower(SimRandom random)
    {
        _disk = _disk.LosePower(new Random((int)random.NextUInt64()));
        _log = WriteAheadLog.Open(_disk, _options);
        TornTails += _log.Opened.TornTail is null ? 0 : 1;
    }

    /// <summary>The entries behind an index.</summary>
    public List<Entry> ReadBehind(ulong index)
    {
        List<Entry> entries = [];
        while (index < _log.LastIndex)
        {
            _log.Read(index + 1, _log.LastIndex + 1, int.MaxValue, entries);
            index = entries[^1].Index;
        }

        return entries;
    }
}
