using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Raft.Log.Disk;

namespace Krewe.Silo.Replication;

/// <summary>A member's write-ahead log as found or made at start, and the Raft state that it holds.</summary>
internal sealed class MemberLog
{
    /// <summary>Payload of the newest entries that the core starts with in memory.</summary>
    private const long RecentEntriesBytes = 16L * 1024 * 1024;

    private MemberLog(WriteAheadLog log, bool isNew)
    {
        Log = log;
        IsNew = isNew;
    }

    public WriteAheadLog Log { get; }

    /// <summary>Whether the member starts for the first time.</summary>
    public bool IsNew { get; }

    /// <summary>The configuration that the log starts from.</summary>
    public ConfState Configuration => ConfStateCodec.TryDecode(Log.Opened.Snapshot?.ConfState ?? Log.Opened.Metadata, out var state)
        ? state
        : throw new InvalidDataException("the log's configuration has a format that this version does not know");

    /// <summary>
    /// Opens the log in the directory, or makes one whose first configuration is <paramref name="bootstrap"/>. Throws
    /// <see cref="InvalidDataException"/> if the log is another cluster's or member's.
    /// </summary>
    public static MemberLog OpenOrCreate(string directory, WalIdentity identity, ConfState bootstrap, WalOptions options)
    {
        Directory.CreateDirectory(directory);
        return OpenOrCreate(new FileDisk(directory), identity, bootstrap, options);
    }

    /// <summary>The same on any disk.</summary>
    public static MemberLog OpenOrCreate(IDisk disk, WalIdentity identity, ConfState bootstrap, WalOptions options) =>
        WriteAheadLog.Exists(disk)
            ? new MemberLog(WriteAheadLog.Open(disk, options), isNew: false)
            : new MemberLog(WriteAheadLog.Create(disk, identity, ConfStateCodec.Encode(bootstrap), options), isNew: true);

    /// <summary>What the core starts from, given what the state machine holds already.</summary>
    public RaftInitialState InitialState(ulong appliedIndex)
    {
        var snapshotIndex = Log.FirstIndex - 1;
        if (appliedIndex < snapshotIndex)
        {
            throw new InvalidDataException(
                $"the store is at index {appliedIndex}, but the log begins at {Log.FirstIndex}: the store was replaced or lost; remove the member's data and add it anew");
        }

        if (appliedIndex > Log.LastIndex)
        {
            throw new InvalidDataException(
                $"the store is at index {appliedIndex}, but the log ends at {Log.LastIndex}: the log was replaced or lost; restore a snapshot");
        }

        // The store has applied these, so they were committed, whatever the last hard state says.
        var hardState = Log.HardState with { Commit = Math.Max(Log.HardState.Commit, appliedIndex) };
        return new RaftInitialState
        {
            HardState = hardState,
            ConfState = Configuration,
            SnapshotIndex = snapshotIndex,
            SnapshotTerm = Log.Term(snapshotIndex),
            LastIndex = Log.LastIndex,
            AppliedIndex = appliedIndex,
            RecentEntries = RecentEntries(),
        };
    }

    private Entry[] RecentEntries()
    {
        const ulong MaxEntries = 1024;
        var entries = new List<Entry>();
        var from = Math.Max(Log.FirstIndex, Log.LastIndex >= MaxEntries ? Log.LastIndex - MaxEntries + 1 : 0);
        if (from <= Log.LastIndex)
        {
            Log.Read(from, Log.LastIndex + 1, RecentEntriesBytes, entries);
        }

        // The core wants the log's end: a read that stopped early at the byte limit is of no use.
        return entries.Count > 0 && entries[^1].Index == Log.LastIndex ? [.. entries] : [];
    }
}
