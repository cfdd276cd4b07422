using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>Takes Raft messages to other members. Best effort: messages may be lost, doubled or late.</summary>
internal interface IPeerTransport
{
    /// <summary>Takes over the messages; must not block and must not keep the span. They go out when <see cref="Flush"/> is called.</summary>
    void Send(ReadOnlySpan<Message> messages);

    /// <summary>Sends what was taken over, on this thread where it can. To be called without a lock.</summary>
    void Flush()
    {
    }

    /// <summary>The same on a thread of the pool, for callers that others wait for.</summary>
    void FlushSoon()
    {
    }
}
