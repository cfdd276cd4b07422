using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using Krewe.Silo.Storage;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// Makes checkpoints of the store when the core asks for a snapshot, off the thread that applies, and keeps a few of them as long as
/// somebody fetches them.
/// </summary>
internal sealed partial class CheckpointSource : ISnapshotSource, IDisposable
{
    /// <summary>How often the core is asked for the term of an entry that the store has applied and the core has not heard of yet.</summary>
    private const int MaxTermAttempts = 200;

    /// <summary>How many times faster files are read for their checksums than they are sent.</summary>
    private const int ChecksumRateFactor = 4;

    private static readonly TimeSpan TermRetryDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TidyInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<Checkpoint> _checkpoints = [];
    private readonly string _directory;
    private readonly IKeyspaceStore _store;
    private readonly ConfState _initialConfiguration;
    private readonly SnapshotLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _tidying;
    private Func<ulong, ulong?> _termOf = static _ => null;
    private Task _making = Task.CompletedTask;
    private ulong _makingFrom = ulong.MaxValue;
    private bool _isDisposed;

    /// <param name="directory">Where checkpoints go; on the store's file system.</param>
    /// <param name="store">What to copy.</param>
    /// <param name="initialConfiguration">The members while no membership change was applied.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For checkpoints that fail.</param>
    public CheckpointSource(
        string directory, IKeyspaceStore store, ConfState initialConfiguration, SnapshotLimits limits, TimeProvider time, ILogger<CheckpointSource> logger)
    {
        _directory = directory;
        _store = store;
        _initialConfiguration = initialConfiguration;
        _limits = limits;
        _time = time;
        _logger = logger;
        _tidying = time.CreateTimer(static source => ((CheckpointSource)source!).DropIdle(), this, TidyInterval, TidyInterval);
    }

    /// <summary>The term of an entry that is applied, or null if the core has not heard of that. Set once the core is there.</summary>
    public Func<ulong, ulong?> TermOf
    {
        get => Volatile.Read(ref _termOf);
        set => Volatile.Write(ref _termOf, value);
    }

    /// <summary>
    /// The lowest index of a checkpoint that is wanted and has not arrived: the log behind it should stay. <see cref="ulong.MaxValue"/> without one.
    /// </summary>
    public ulong LowestIndex
    {
        get
        {
            lock (_gate)
            {
                return Math.Min(_makingFrom, _checkpoints.Where(c => c.HoldsLog).Select(c => c.Manifest.Index).DefaultIfEmpty(ulong.MaxValue).Min());
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Under the core's lock: nothing here waits.</remarks>
    public SnapshotMetadata? TryGetSnapshot(ulong minIndex)
    {
        lock (_gate)
        {
            if (_checkpoints.Count > 0 && _checkpoints[^1] is var newest && newest.Manifest.Index >= minIndex)
            {
                newest.LastUsed = _time.GetTimestamp();
                newest.HoldsLog = true;
                return newest.Metadata;
            }

            if (_making.IsCompleted && !_isDisposed && HasRoom())
            {
                _making = Task.Run(MakeAsync);
            }

            return null;
        }
    }

    /// <summary>The checkpoint behind a snapshot that the core sends, kept until it is released; null if it is gone.</summary>
    public Checkpoint? TryAcquire(ReadOnlyMemory<byte> handle)
    {
        lock (_gate)
        {
            var found = _checkpoints.Find(c => c.Manifest.Id == SnapshotManifest.IdOf(handle));
            if (found is not null)
            {
                found.Uses++;
            }

            return found;
        }
    }

    /// <summary>A transfer ended. One that broke off goes on within <see cref="SnapshotLimits.IdleTime"/>, and until then the log stays.</summary>
    public void Release(Checkpoint checkpoint, bool hasArrived)
    {
        lock (_gate)
        {
            checkpoint.Uses--;
            checkpoint.HoldsLog = checkpoint.Uses > 0 || !hasArrived;
            checkpoint.LastUsed = _time.GetTimestamp();
        }
    }

    /// <summary>Deletes checkpoints that nobody has wanted for a while.</summary>
    public void DropIdle()
    {
        lock (_gate)
        {
            Drop(c => c.Uses == 0 && _time.GetElapsedTime(c.LastUsed) >= _limits.IdleTime);
        }
    }

    public void Dispose()
    {
        Task making;
        lock (_gate)
        {
            _isDisposed = true;
            making = _making;
        }

        making.Wait();
        _tidying.Dispose();
    }

    /// <summary>Older checkpoints that nobody reads make room for a newer one.</summary>
    private bool HasRoom()
    {
        Drop(static c => c.Uses == 0);
        return _checkpoints.Count < _limits.MaxCheckpoints;
    }

    private void Drop(Predicate<Checkpoint> condition)
    {
        foreach (var dropped in _checkpoints.FindAll(condition))
        {
            _checkpoints.Remove(dropped);
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.source.Delete(state.directory), (source: this, directory: dropped.PathOfDirectory), preferLocal: false);
        }
    }

    /// <summary>
    /// The log stays from here on while a checkpoint is made: its files are read at a bounded rate, and one that the log no longer reaches when it
    /// is done would have to be made again, without end.
    /// </summary>
    private void HoldFrom(ulong index)
    {
        lock (_gate)
        {
            _makingFrom = index;
        }
    }

    private async Task MakeAsync()
    {
        var id = Guid.NewGuid();
        var directory = Path.Join(_directory, id.ToString("n"));
        try
        {
            var started = _time.GetTimestamp();
            HoldFrom(_store.AppliedIndex);
            var index = _store.Checkpoint(directory);
            var term = await TermAsync(index).ConfigureAwait(false);
            var configuration = ConfigurationIn(directory);
            var manifest = new SnapshotManifest(id, index, term, configuration, await FilesInAsync(directory).ConfigureAwait(false));
            lock (_gate)
            {
                _checkpoints.Add(new Checkpoint(manifest, directory) { LastUsed = _time.GetTimestamp(), HoldsLog = true });

                // From here on it holds the log itself, and no longer than it is wanted.
                _makingFrom = ulong.MaxValue;
            }

            LogMade(index, manifest.TotalBytes, _time.GetElapsedTime(started));
        }
        catch (Exception e) when (e is StoreFaultException or IOException or UnauthorizedAccessException or InvalidDataException or ObjectDisposedException)
        {
            LogNotMade(e);
            Delete(directory);
        }
        finally
        {
            HoldFrom(ulong.MaxValue);
        }
    }

    /// <summary>The store may be ahead of what the core was told.</summary>
    private async Task<ulong> TermAsync(ulong index)
    {
        for (var attempt = 0; attempt < MaxTermAttempts; attempt++)
        {
            if (TermOf(index) is { } term)
            {
                return term;
            }

            await Task.Delay(TermRetryDelay, _time).ConfigureAwait(false);
        }

        throw new InvalidDataException($"the term of entry {index} is not known");
    }

    /// <summary>As of the checkpoint's own index, which later changes must not be mixed into.</summary>
    private ConfState ConfigurationIn(string directory)
    {
        using var store = RocksKeyspaceStore.OpenReadOnly(directory);
        var members = new MembersModule(_initialConfiguration);
        members.Load(store);
        return members.Configuration;
    }

    /// <summary>Reads all files for their checksums, with pauses: the disk is the log's as well.</summary>
    private async Task<IReadOnlyList<SnapshotFile>> FilesInAsync(string directory)
    {
        var pacer = new RatePacer(_limits.MaxBytesPerSecond * ChecksumRateFactor, _time);
        var files = new List<SnapshotFile>();
        foreach (var path in Directory.GetFiles(directory).Where(f => !IsOwnedByTheOpener(Path.GetFileName(f))).Order(StringComparer.Ordinal))
        {
            var file = FileChecksum.Of(path);
            files.Add(file);
            await Task.Delay(pacer.Take(file.Length), _time).ConfigureAwait(false);
        }

        return files;
    }

    /// <summary>RocksDB's text log and lock, which opening the checkpoint made.</summary>
    private static bool IsOwnedByTheOpener(string name) => name is "LOCK" || name.StartsWith("LOG", StringComparison.Ordinal);

    private void Delete(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start deletes it.
            LogNotDeleted(directory, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "made a checkpoint at index {Index}, {Bytes} bytes, in {Took}")]
    private partial void LogMade(ulong index, long bytes, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Warning, Message = "could not make a checkpoint; a member that needs a snapshot has to wait")]
    private partial void LogNotMade(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the checkpoint in {Directory} could not be deleted; the next start does it")]
    private partial void LogNotDeleted(string directory, Exception e);
}
