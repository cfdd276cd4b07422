using Krewe.Grains.Interfaces.Cluster;
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

    /// <summary>The members when this one started for the first time; empty for a log of a version that did not note them.</summary>
    public IReadOnlyList<Member> FirstKnownMembers =>
        MemberBootstrap.TryDecode(Log.Opened.Metadata, out var bootstrap) ? bootstrap.Members : [];

    /// <summary>The configuration that the log starts from: in force until the first membership change in it is applied.</summary>
    public ConfState Configuration
    {
        get
        {
            if (Log.Opened.Snapshot is null && MemberBootstrap.TryDecode(Log.Opened.Metadata, out _))
            {
                return ConfState.Empty;
            }

            return ConfStateCodec.TryDecode(Log.Opened.Snapshot?.ConfState ?? Log.Opened.Metadata, out var state)
                ? state
                : throw new InvalidDataException("the log's configuration has a format that this version does not know");
        }
    }

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

    /// <summary>Opens the log in the directory, or makes one for a member that starts as <paramref name="bootstrap"/> says.</summary>
    public static MemberLog OpenOrCreate(string directory, WalIdentity identity, MemberBootstrap bootstrap, WalOptions options)
    {
        Directory.CreateDirectory(directory);
        return OpenOrCreate(new FileDisk(directory), identity, bootstrap, options);
    }

    /// <summary>The same on any disk.</summary>
    public static MemberLog OpenOrCreate(IDisk disk, WalIdentity identity, MemberBootstrap bootstrap, WalOptions options)
    {
        var log = WriteAheadLog.Exists(disk)
            ? new MemberLog(WriteAheadLog.Open(disk, options), isNew: false)
            : new MemberLog(WriteAheadLog.Create(disk, identity, bootstrap.Encode(), options), isNew: true);
        log.WriteFirstEntries();
        return log;
    }

    /// <summary>Opens the log in the directory; null if there is none.</summary>
    public static MemberLog? TryOpen(string directory, WalOptions options)
    {
        if (!Directory.Exists(directory) || new FileDisk(directory) is var disk && !WriteAheadLog.Exists(disk))
        {
            return null;
        }

        var log = new MemberLog(WriteAheadLog.Open(disk, options), isNew: false);
        log.WriteFirstEntries();
        return log;
    }

    /// <summary>Index and term before the first entry: what the store must hold at least.</summary>
    public (ulong Index, ulong Term) Begin => (Log.FirstIndex - 1, Log.Term(Log.FirstIndex - 1));

    /// <summary>What the core starts from, given what the state machine holds already.</summary>
    /// <param name="appliedIndex">What the state machine holds.</param>
    /// <param name="configuration">The configuration as of that index; null if no membership change was ever applied.</param>
    public RaftInitialState InitialState(ulong appliedIndex, ConfState? configuration = null)
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
            ConfState = configuration ?? Configuration,
            SnapshotIndex = snapshotIndex,
            SnapshotTerm = Log.Term(snapshotIndex),
            LastIndex = Log.LastIndex,
            AppliedIndex = appliedIndex,
            RecentEntries = RecentEntries(),
        };
    }

    /// <summary>Also on a log that was made but lost power before it got its first entries: the member can't have started then.</summary>
    private void WriteFirstEntries()
    {
        if (Log.LastIndex == 0 && Log.HardState == default
            && MemberBootstrap.TryDecode(Log.Opened.Metadata, out var bootstrap) && bootstrap.Entries() is { Length: > 0 } entries)
        {
            Log.Append(entries, bootstrap.HardState());
            Log.Sync();
        }
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
