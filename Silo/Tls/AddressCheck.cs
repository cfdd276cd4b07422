using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Silo.Tls;

/// <summary>
/// Compares the address that a connection comes from with the certificate that it shows, as etcd does for peers and for https metrics: a
/// certificate with alternative names must have that address, or a name that DNS connects with it in either direction.
/// </summary>
internal static class AddressCheck
{
    /// <summary>Null if they go together, else what is wrong.</summary>
    public static async ValueTask<string?> CheckAsync(
        X509Certificate2 certificate, IPAddress remote, IHostNames hosts, CancellationToken cancellationToken)
    {
        if (remote.IsIPv4MappedToIPv6)
        {
            remote = remote.MapToIPv4();
        }

        var names = SubjectNames.AlternativeNamesOf(certificate);
        var dnsNames = names?.EnumerateDnsNames().ToArray() ?? [];
        var addresses = names?.EnumerateIPAddresses().ToArray() ?? [];
        if ((dnsNames.Length == 0 && addresses.Length == 0) || addresses.Contains(remote))
        {
            return null;
        }

        if (dnsNames.Length == 0)
        {
            return $"x509: certificate is valid for {string.Join<IPAddress>(", ", addresses)}, not {remote}";
        }

        return await HasNameAsync(dnsNames, remote, hosts, cancellationToken).ConfigureAwait(false)
            ? null
            : $"tls: \"{remote}\" does not match any of DNSNames [{string.Join(' ', dnsNames.Select(n => $"\"{n}\""))}]";
    }

    private static async ValueTask<bool> HasNameAsync(string[] dnsNames, IPAddress remote, IHostNames hosts, CancellationToken cancellationToken)
    {
        var found = await hosts.NamesOfAsync(remote, cancellationToken).ConfigureAwait(false);
        if (found.Any(name => dnsNames.Any(wanted => Matches(wanted, name))))
        {
            return true;
        }

        foreach (var name in dnsNames.Where(name => !IsWildcard(name)))
        {
            if ((await hosts.AddressesOfAsync(name, cancellationToken).ConfigureAwait(false)).Contains(remote))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A wildcard stands for any number of labels here, which is etcd's rule.</summary>
    private static bool Matches(string wanted, string name) =>
        IsWildcard(wanted) ? name.EndsWith(wanted[1..], StringComparison.Ordinal) : wanted == name;

    private static bool IsWildcard(string name) => name.StartsWith("*.", StringComparison.Ordinal);
}
