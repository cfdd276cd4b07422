using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Silo.Bootstrap;

/// <summary>A cluster as one of its members described it.</summary>
internal sealed record RemoteCluster(ulong ClusterId, IReadOnlyList<Member> Members);
