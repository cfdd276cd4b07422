using System.Net;
using Krewe.Silo.Tls;

namespace Krewe.Silo.Tests.Tls;

/// <summary>Names and addresses as a test wants them.</summary>
internal sealed class FakeHostNames : IHostNames
{
    public Dictionary<string, string[]> Names { get; } = [];

    public Dictionary<string, string[]> Addresses { get; } = [];

    public ValueTask<IReadOnlyList<string>> NamesOfAsync(IPAddress address, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>(Names.GetValueOrDefault(address.ToString()) ?? []);

    public ValueTask<IReadOnlyList<IPAddress>> AddressesOfAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<IPAddress>>([.. (Addresses.GetValueOrDefault(name) ?? []).Select(IPAddress.Parse)]);
}
