using Krewe.Raft.Log.Format;

namespace Krewe.Raft.Log.Storage;

/// <summary>Keeps one preallocated file ready to become the next segment.</summary>
/// <remarks>A spare is durable as a file of zeroes before it is handed out, so that taking it costs no search for space.</remarks>
internal sealed class SpareSegment(IDisk disk, WalOptions options) : IDisposable
{
    internal const string Name = "spare" + SegmentName.TemporaryExtension;

    private readonly Lock _gate = new();
    private Task? _preparing;
    private IDiskFile? _file;
    private long _failedAt;
    private bool _failed;
    private bool _taken;
    private bool _disposed;

    /// <summary>Whether a spare is ready.</summary>
    internal bool IsReady => Volatile.Read(ref _file) is not null;

    /// <summary>Sees to it that a spare gets ready, unless the last attempt failed a moment ago.</summary>
    internal void Prepare()
    {
        lock (_gate)
        {
            if (_file is not null || _taken || _disposed || _preparing is { IsCompleted: false } || FailedJustNow())
            {
                return;
            }

            if (options.PreallocateInBackground)
            {
                _preparing = Task.Run(TryMake);
            }
            else
            {
                TryMake();
            }
        }
    }

    /// <summary>Hands out the spare, of at least <paramref name="bytes"/> bytes; makes one if none is ready. Until <see cref="EndTake"/>
    /// the name <see cref="Name"/> belongs to the caller.</summary>
    /// <exception cref="DiskFullException">There is no space for it; nothing has changed.</exception>
    internal IDiskFile Take(long bytes)
    {
        BeginTake();
        try
        {
            var file = _file ?? Make(Math.Max(bytes, options.SegmentBytes));
            Volatile.Write(ref _file, file);
            if (file.Length < bytes)
            {
                Extend(file, bytes);
            }

            Volatile.Write(ref _file, null);
            return file;
        }
        catch
        {
            EndTake();
            throw;
        }
    }

    /// <summary>The file that was taken has another name now, or is given up.</summary>
    internal void EndTake()
    {
        lock (_gate)
        {
            _taken = false;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        WaitForPreparation();
        _file?.Dispose();
        _file = null;
    }

    private void Extend(IDiskFile file, long bytes)
    {
        try
        {
            file.Preallocate(bytes);
        }
        catch (DiskFullException)
        {
            file.Truncate(options.SegmentBytes); // gives back what was found before the space ran out
            throw;
        }
    }

    private void BeginTake()
    {
        lock (_gate)
        {
            _taken = true; // no preparation starts from here on
        }

        WaitForPreparation();
    }

    private void WaitForPreparation()
    {
        Task? preparing;
        lock (_gate)
        {
            preparing = _preparing;
        }

        preparing?.GetAwaiter().GetResult();
    }

    private bool FailedJustNow() => _failed && options.Time.GetElapsedTime(_failedAt) < options.PreallocateRetryDelay;

    private void TryMake()
    {
        IDiskFile? file = null;
        try
        {
            file = Make(options.SegmentBytes);
        }
        catch (IOException)
        {
            // The writer finds out, with the reason, if it needs the spare before the next attempt succeeds.
        }

        lock (_gate)
        {
            _failed = file is null;
            _failedAt = options.Time.GetTimestamp();
            Volatile.Write(ref _file, file);
        }
    }

    private IDiskFile Make(long bytes)
    {
        if (disk.List().Contains(Name))
        {
            disk.Delete(Name);
        }

        var file = disk.Create(Name);
        try
        {
            file.Preallocate(bytes);
            file.SyncData();
            return file;
        }
        catch
        {
            file.Dispose();
            DeleteQuietly();
            throw;
        }
    }

    private void DeleteQuietly()
    {
        try
        {
            disk.Delete(Name);
        }
        catch (IOException)
        {
            // The next attempt deletes it.
        }
    }
}
