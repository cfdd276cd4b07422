using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Replication;

/// <content>
/// Fail stop. What the core throws (a log that can't be read, a property of Raft that does not hold) ends the member, on whatever thread it came up:
/// a connection's, a timer's, a caller's. The core may be half way through a change then and is not touched again.
/// </content>
internal sealed partial class RaftNode
{
    /// <summary>Works with the core under the lock, unless the node has stopped; <paramref name="ifStopped"/> then, or if the core fails in it.</summary>
    private TResult Touch<TArgument, TResult>(TArgument argument, TResult ifStopped, Func<RaftNode, TArgument, TResult> work)
    {
        Exception failure;
        lock (_gate)
        {
            if (_isStopped)
            {
                return ifStopped;
            }

            try
            {
                return work(this, argument);
            }
#pragma warning disable CA1031 // Whatever it was, the core can't go on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
                Freeze();
            }
        }

        // The caller may hold locks of its own, and stopping runs others' code.
        ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.Node.Failed(failed.Cause), (Node: this, Cause: failure), preferLocal: false);
        return ifStopped;
    }

    /// <summary>The same without a result; false if the node has stopped or the core failed.</summary>
    private bool Touch<TArgument>(TArgument argument, Action<RaftNode, TArgument> work) =>
        Touch((argument, work), false, static (node, call) =>
        {
            call.work(node, call.argument);
            return true;
        });

    /// <summary>
    /// Works with the core under the lock, for threads whose owners end the member by what this throws: it is thrown on, with the core frozen.
    /// </summary>
    private void WorkOrFreeze<TArgument>(TArgument argument, Action<RaftNode, TArgument> work)
    {
        try
        {
            work(this, argument);
        }
        catch
        {
            Freeze();
            throw;
        }
    }

    /// <summary>Under the lock, before anybody else gets it: a core that threw may be half way through a change.</summary>
    private void Freeze()
    {
        _isStopped = true;
        _hasFailed = true;
    }

    /// <summary>
    /// Ends the member: nothing more is taken in, sent or promised. A leader whose log failed would otherwise go on sending heartbeats, and reads would
    /// go on under a lease that nobody's clock ends.
    /// </summary>
    private void Failed(Exception cause)
    {
        lock (_gate)
        {
            Freeze();
        }

        LogFailed(cause.Message, cause);
        _readIndex.Close();
        _waiters.Close();
        _fatal(cause);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "replication failed; the member stops: {Reason}")]
    private partial void LogFailed(string reason, Exception cause);
}
