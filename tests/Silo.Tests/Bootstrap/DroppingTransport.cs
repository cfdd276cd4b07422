using Krewe.Raft.Core;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Tests.Bootstrap;

/// <summary>Nobody hears anything.</summary>
internal sealed class DroppingTransport : IPeerTransport
{
    public void Send(ReadOnlySpan<Message> messages)
    {
    }
}
