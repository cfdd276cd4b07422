using Krewe.Raft.Core;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Tests.Replication;

/// <summary>The transport of a member that can't reach others: messages to them are lost, as on a broken network.</summary>
internal sealed class NoPeerTransport : IPeerTransport
{
    public void Send(ReadOnlySpan<Message> messages)
    {
    }
}
