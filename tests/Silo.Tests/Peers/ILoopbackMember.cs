using Krewe.Silo.Replication;

namespace Krewe.Silo.Tests.Peers;

/// <summary>A member of a <see cref="LoopbackCluster{TMember}"/>.</summary>
internal interface ILoopbackMember : IAsyncDisposable
{
    RaftNode Node { get; }
}
