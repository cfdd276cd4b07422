namespace Krewe.Silo.Bootstrap;

/// <summary>What discovery asks of DNS.</summary>
internal interface ISrvLookup
{
    /// <summary>Targets (without the dot at the end) and ports of the SRV records of a name; empty if there are none.</summary>
    IReadOnlyList<(string Host, int Port)> Services(string name);

    /// <summary>Addresses of a host; empty if it has none.</summary>
    IReadOnlyList<System.Net.IPAddress> Addresses(string host);
}
