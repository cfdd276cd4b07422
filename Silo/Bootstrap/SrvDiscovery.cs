using System.Globalization;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Bootstrap;

/// <summary>
/// The first members from DNS (<c>--discovery-srv</c>): SRV records of <c>_etcd-server-ssl._tcp</c> (https) and <c>_etcd-server._tcp</c>
/// (http) below the domain, with the suffix of <c>--discovery-srv-name</c>. This member has its own name, the others are numbered, as etcd
/// does it: names have no part in IDs.
/// </summary>
internal sealed class SrvDiscovery(ISrvLookup dns)
{
    /// <summary>Throws <see cref="InvalidDataException"/> if the records list nobody, or everybody but this member.</summary>
    public IReadOnlyList<InitialMember> Discover(string domain, string suffix, string ownName, IReadOnlyList<EtcdUrl> ownUrls)
    {
        var suffixed = suffix.Length == 0 ? "" : $"-{suffix}";
        var urls = Urls($"_etcd-server-ssl{suffixed}._tcp.{domain}", "https").Concat(Urls($"_etcd-server{suffixed}._tcp.{domain}", "http")).ToList();
        if (urls.Count == 0)
        {
            throw new InvalidDataException($"error querying DNS SRV records for _etcd-server{suffixed}._tcp.{domain}: no such host");
        }

        var members = new List<InitialMember>();
        var own = new List<EtcdUrl>();
        foreach (var url in urls)
        {
            if (ownUrls.Any(self => IsSame(self, url)))
            {
                own.Add(url);
            }
            else
            {
                members.Add(new InitialMember(members.Count.ToString(CultureInfo.InvariantCulture), [url]));
            }
        }

        if (own.Count == 0)
        {
            throw new InvalidDataException($"cannot find local etcd member \"{ownName}\" in SRV records");
        }

        members.Add(new InitialMember(ownName, own));
        return members;
    }

    private IEnumerable<EtcdUrl> Urls(string name, string scheme) => dns.Services(name).Select(s => new EtcdUrl(scheme, s.Host, s.Port)).Distinct();

    private bool IsSame(EtcdUrl self, EtcdUrl found) => self.Port == found.Port
        && (string.Equals(self.Host, found.Host, StringComparison.OrdinalIgnoreCase)
            || dns.Addresses(self.Host).Intersect(dns.Addresses(found.Host)).Any());
}
