using Krewe.Silo.Bootstrap;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Tests.Bootstrap;

/// <summary>Members that answer, by peer URL.</summary>
internal sealed class FakeRemoteCluster : Dictionary<string, RemoteCluster>, IRemoteCluster
{
    public List<string> Asked { get; } = [];

    public RemoteCluster? Fetch(EtcdUrl peerUrl, TimeSpan limit)
    {
        Asked.Add(peerUrl.ToString());
        return this.GetValueOrDefault(peerUrl.ToString());
    }
}
