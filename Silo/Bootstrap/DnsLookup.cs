using System.Net;
using DnsClient;

namespace Krewe.Silo.Bootstrap;

/// <summary>The resolver that the system is configured with.</summary>
internal sealed class DnsLookup : ISrvLookup
{
    private readonly Lazy<LookupClient> _client = new(static () => new LookupClient());

    public IReadOnlyList<(string Host, int Port)> Services(string name)
    {
        try
        {
            return [.. _client.Value.Query(name, QueryType.SRV).Answers.SrvRecords()
                .OrderBy(record => record.Priority)
                .ThenBy(record => record.Target.Value, StringComparer.Ordinal)
                .Select(record => (record.Target.Value.TrimEnd('.'), (int)record.Port))];
        }
        catch (DnsResponseException)
        {
            return [];
        }
    }

    public IReadOnlyList<IPAddress> Addresses(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return [];
        }
    }
}
