using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>Takes Raft messages to other members. Best effort: messages may be lost, doubled or late.</summary>
internal interface IPeerTransport
{
    /// <summary>Takes over the messages; must not block and must not keep the span.</summary>
    void Send(ReadOnlySpan<Message> messages);
}
