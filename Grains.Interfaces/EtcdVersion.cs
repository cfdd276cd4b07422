namespace Krewe.Grains.Interfaces;

/// <summary>The etcd versions that Krewe speaks, as semantic versions. Clients parse them, so they never carry a suffix.</summary>
public static class EtcdVersion
{
    /// <summary>The server version in <c>StatusResponse.version</c> and in <c>/version</c>.</summary>
    public const string Server = "3.7.1";

    /// <summary>The cluster version: the lowest minor version of all members, patch always 0.</summary>
    public const string Cluster = "3.7.0";

    /// <summary>The storage version in <c>StatusResponse.storageVersion</c>.</summary>
    public const string Storage = "3.7.0";
}
