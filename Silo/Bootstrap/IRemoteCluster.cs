using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Bootstrap;

/// <summary>Asks a running member who belongs to its cluster.</summary>
internal interface IRemoteCluster
{
    /// <summary>The answer of the member at the peer URL; null if there was none within the limit.</summary>
    RemoteCluster? Fetch(EtcdUrl peerUrl, TimeSpan limit);
}
