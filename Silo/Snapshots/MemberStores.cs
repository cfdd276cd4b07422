using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Snapshots;

/// <summary>Opens received snapshots as stores and puts them in the place of the member's store.</summary>
internal sealed partial class MemberStores(
    StoreDirectories directories, MemberStore store, Func<string, IKeyspaceStore> open, ILogger<MemberStores> logger) : ISnapshotStores, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private (IKeyspaceStore Store, string Directory)? _replaced;
    private Task _closing = Task.CompletedTask;
    private Guid? _installing;

    /// <summary>Told of each step that was made; tests stop the member there.</summary>
    public Action<InstallStep>? Reached { get; set; }

    /// <summary>
    /// Whether a received snapshot is on its way into the state machine: its directory must not be touched, and another one would come too early.
    /// </summary>
    public bool IsInstalling
    {
        get
        {
            lock (_gate)
            {
                return _installing is not null;
            }
        }
    }

    /// <summary>Receives data, or goes on with what is here. Throws while a snapshot is being installed.</summary>
    public StagedSnapshot Stage(SnapshotManifest manifest)
    {
        lock (_gate)
        {
            return _installing is null ? directories.Stage(manifest) : throw new InvalidOperationException("a snapshot is being installed");
        }
    }

    /// <summary>Hands a received snapshot over to the consensus core, which has it installed; false if it does not take it.</summary>
    /// <param name="id">The snapshot, received whole.</param>
    /// <param name="offer">Offers it to the core.</param>
    public bool TryInstall(Guid id, Func<bool> offer)
    {
        Reached?.Invoke(InstallStep.Received);
        lock (_gate)
        {
            _installing = id;
        }

        if (offer())
        {
            return true;
        }

        lock (_gate)
        {
            _installing = null;
        }

        return false;
    }

    /// <summary>Deletes the data of a snapshot that is of no use any more.</summary>
    public void Discard(Guid id)
    {
        lock (_gate)
        {
            directories.Discard(id);
        }
    }

    public IKeyspaceStore Open(SnapshotMetadata snapshot)
    {
        var directory = DirectoryOf(snapshot);
        using var staged = StagedSnapshot.TryOpen(directory, 0);
        if (staged is not { IsComplete: true })
        {
            throw new InvalidDataException($"the data of the snapshot at index {snapshot.Index} is not in {directory}");
        }

        var opened = open(directory);
        try
        {
            Check(opened, snapshot);
            Reached?.Invoke(InstallStep.Opened);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void MakeCurrent(SnapshotMetadata snapshot, IKeyspaceStore next)
    {
        var before = directories.MakeCurrent(DirectoryOf(snapshot));
        Reached?.Invoke(InstallStep.Switched);
        lock (_gate)
        {
            _replaced = (store.Replace(next), before);
        }
    }

    public void CloseReplaced(Task released)
    {
        lock (_gate)
        {
            var (old, directory) = _replaced!.Value;
            _replaced = null;
            _installing = null;
            _closing = Task.WhenAll(_closing, CloseAsync(old, directory, released));
        }
    }

    /// <summary>Waits until replaced stores are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        Task closing;
        lock (_gate)
        {
            closing = _closing;
        }

        await closing.ConfigureAwait(false);
    }

    private async Task CloseAsync(IKeyspaceStore old, string directory, Task released)
    {
        await released.ConfigureAwait(false);

        // Closing waits for RocksDB, and this may run on the thread that applies.
        await Task.Yield();
        try
        {
            old.Dispose();
            directories.DeleteReplaced(directory);
            Reached?.Invoke(InstallStep.Deleted);
        }
        catch (Exception e) when (e is TimeoutException or IOException or UnauthorizedAccessException)
        {
            // The next start deletes it.
            LogNotDeleted(directory, e);
        }
    }

    private static void Check(IKeyspaceStore opened, SnapshotMetadata snapshot)
    {
        if (opened.AppliedIndex != snapshot.Index)
        {
            throw new InvalidDataException($"the snapshot at index {snapshot.Index} holds the state at index {opened.AppliedIndex}");
        }
    }

    private string DirectoryOf(SnapshotMetadata snapshot) => SnapshotManifest.IdOf(snapshot.Handle) is { } id
        ? directories.ReceivedPath(id)
        : throw new InvalidDataException($"the snapshot at index {snapshot.Index} has a handle that this version does not know");

    [LoggerMessage(Level = LogLevel.Warning, Message = "the replaced store in {Directory} could not be deleted; the next start does it")]
    private partial void LogNotDeleted(string directory, Exception e);
}
