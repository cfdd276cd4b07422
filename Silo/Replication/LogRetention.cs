using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Replication;

/// <summary>
/// Shortens the log: every so many applied entries (--snapshot-count) the store is flushed in the background, and what it then holds
/// durably is released, save for entries that slow members may want (--snapshot-catchup-entries).
/// </summary>
internal sealed partial class LogRetention
{
    private readonly RaftNode _node;
    private readonly IKeyspaceStore _store;
    private readonly ReplicationOptions _options;
    private readonly Func<ConfState> _configuration;
    private readonly Func<ulong, ulong> _needed;
    private readonly ILogger _logger;
    private ulong _flushedAt;
    private bool _isFlushing;

    /// <param name="node">Whose log.</param>
    /// <param name="store">What holds the state.</param>
    /// <param name="configuration">The members as of now.</param>
    /// <param name="needed">Given the last index: the index behind which members need the log that get a snapshot; the highest number for none.</param>
    /// <param name="options">How often, and how much stays.</param>
    /// <param name="logger">For a store that can't be flushed.</param>
    public LogRetention(
        RaftNode node, IKeyspaceStore store, Func<ConfState> configuration, Func<ulong, ulong> needed, ReplicationOptions options, ILogger<LogRetention> logger)
    {
        _node = node;
        _store = store;
        _options = options;
        _configuration = configuration;
        _needed = needed;
        _logger = logger;
        _flushedAt = node.AppliedIndex;
        node.AppliedAdvanced += Consider;
    }

    private void Consider(ulong appliedIndex)
    {
        if (appliedIndex - _flushedAt >= _options.SnapshotCount && !Interlocked.Exchange(ref _isFlushing, true))
        {
            _flushedAt = appliedIndex;
            ThreadPool.UnsafeQueueUserWorkItem(static retention => retention.FlushAndRelease(), this, preferLocal: false);
        }
    }

    private void FlushAndRelease()
    {
        try
        {
            var durable = _store.Flush();
            if (durable > _options.SnapshotCatchUpEntries)
            {
                var released = Math.Min(durable - _options.SnapshotCatchUpEntries, _needed(_node.LastIndex));
                _node.ReleaseLog(released, ConfStateCodec.Encode(_configuration()));
            }
        }
        catch (StoreFaultException e)
        {
            LogNotFlushed(e);
        }
        catch (ObjectDisposedException)
        {
            // The member stops; nobody else would catch it on a pool thread.
        }
        finally
        {
            Volatile.Write(ref _isFlushing, false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the store could not be flushed; the write-ahead log keeps growing")]
    private partial void LogNotFlushed(Exception e);
}
