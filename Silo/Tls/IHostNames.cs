using System.Net;

namespace Krewe.Silo.Tls;

/// <summary>Look-ups of names for the check of a peer's address.</summary>
internal interface IHostNames
{
    /// <summary>The names of an address, without dots at the end; empty if there are none.</summary>
    ValueTask<IReadOnlyList<string>> NamesOfAsync(IPAddress address, CancellationToken cancellationToken);

    /// <summary>The addresses of a name; empty if there are none.</summary>
    ValueTask<IReadOnlyList<IPAddress>> AddressesOfAsync(string name, CancellationToken cancellationToken);
}
