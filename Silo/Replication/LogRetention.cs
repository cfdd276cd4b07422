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
    private readonly ILogger _logger;
    private ulong _flushedAt;
    private bool _isFlushing;

    public LogRetention(RaftNode node, IKeyspaceStore store, Func<ConfState> configuration, ReplicationOptions options, ILogger<LogRetention> logger)
    {
        _node = node;
        _store = store;
        _options = options;
        _configuration = configuration;
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
                _node.ReleaseLog(durable - _options.SnapshotCatchUpEntries, ConfStateCodec.Encode(_configuration()));
            }
        }
        catch (StoreFaultException e)
        {
            LogNotFlushed(e);
        }
        finally
        {
            Volatile.Write(ref _isFlushing, false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the store could not be flushed; the write-ahead log keeps growing")]
    private partial void LogNotFlushed(Exception e);
}
