using System.Net;
using Krewe.Silo.Bootstrap;

namespace Krewe.Silo.Tests.Bootstrap;

/// <summary>A zone in memory.</summary>
internal sealed class FakeSrvLookup : ISrvLookup
{
    public Dictionary<string, (string Host, int Port)[]> Records { get; } = [];

    public Dictionary<string, IPAddress> Hosts { get; } = [];

    public IReadOnlyList<(string Host, int Port)> Services(string name) => Records.GetValueOrDefault(name) ?? [];

    public IReadOnlyList<IPAddress> Addresses(string host) =>
        Hosts.TryGetValue(host, out var address) || IPAddress.TryParse(host, out address) ? [address] : [];
}
