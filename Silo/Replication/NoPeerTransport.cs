using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>The transport of a cluster of one: there is nobody to send to, so a message is a defect.</summary>
internal sealed class NoPeerTransport : IPeerTransport
{
    public void Send(ReadOnlySpan<Message> messages)
    {
        if (!messages.IsEmpty)
        {
            throw new InvalidOperationException($"a cluster of one has no member {messages[0].To:x} to send {messages[0].Type} to");
        }
    }
}
