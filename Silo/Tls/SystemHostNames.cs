using System.Net;
using System.Net.Sockets;

namespace Krewe.Silo.Tls;

/// <summary>The operating system's resolver.</summary>
internal sealed class SystemHostNames : IHostNames
{
    public async ValueTask<IReadOnlyList<string>> NamesOfAsync(IPAddress address, CancellationToken cancellationToken)
    {
        try
        {
            var entry = await Dns.GetHostEntryAsync(address.ToString(), cancellationToken).ConfigureAwait(false);
            return [entry.HostName.TrimEnd('.'), .. entry.Aliases.Select(alias => alias.TrimEnd('.'))];
        }
        catch (SocketException)
        {
            return [];
        }
    }

    public async ValueTask<IReadOnlyList<IPAddress>> AddressesOfAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return [];
        }
    }
}
