using System.Globalization;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Faults;

/// <summary>
/// A network namespace for each member on a bridge that lives in a namespace of its own, with one link to the machine for clients. A link
/// is cut one way by a neighbour entry that leads nowhere: packets vanish silently, for new and for old connections, and
/// no firewall module is needed. Needs root with CAP_NET_ADMIN.
/// </summary>
internal sealed class LabNetwork : IAsyncDisposable
{
    private const string Nowhere = "02:00:00:00:00:01";
    private const int ClientPort = 2379;
    private const int PeerPort = 2380;
    private const int FirstHost = 10;
    private const int PrefixBits = 24;

    private readonly string _id;
    private readonly string _subnet;
    private readonly List<string> _namespaces = [];
    private readonly HashSet<(int From, int To)> _cuts = [];

    private LabNetwork(string id, string subnet)
    {
        _id = id;
        _subnet = subnet;
    }

    public IReadOnlyList<MemberAddress> Addresses { get; private set; } = [];

    /// <summary>Builds the network, or skips the test where that is not permitted.</summary>
    public static async Task<LabNetwork> CreateAsync(int members)
    {
        var number = Random.Shared.Next(512);
        // 198.18.0.0/15 is reserved for tests of networks (RFC 2544), so it is nobody's real address.
        var subnet = string.Create(CultureInfo.InvariantCulture, $"198.{18 + (number / 256)}.{number % 256}");
        var network = new LabNetwork(string.Create(CultureInfo.InvariantCulture, $"kl{Random.Shared.Next(0x10000):x4}"), subnet);
        try
        {
            await network.BuildAsync(members);
            return network;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await network.DisposeAsync();
            Assert.Skip($"network namespaces are not to be had here (root with CAP_NET_ADMIN and iproute2 needed): {error.Message}");
            throw;
        }
    }

    /// <summary>Nothing that one member sends reaches the other; the way back stays open.</summary>
    public async Task CutAsync(int from, int to)
    {
        if (_cuts.Add((from, to)))
        {
            await InAsync(from, "neigh", "replace", Host(to), "lladdr", Nowhere, "dev", "eth0", "nud", "permanent");
        }
    }

    /// <summary>Separates the given members from all others, both ways. Clients still reach everybody.</summary>
    public async Task IsolateAsync(params int[] members)
    {
        for (var other = 0; other < Addresses.Count; other++)
        {
            foreach (var member in members.Where(_ => !members.Contains(other)))
            {
                await CutAsync(member, other);
                await CutAsync(other, member);
            }
        }
    }

    public async Task HealAsync()
    {
        foreach (var (from, to) in _cuts)
        {
            await InAsync(from, "neigh", "del", Host(to), "dev", "eth0");
        }

        _cuts.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        // The links go with their namespaces.
        foreach (var name in _namespaces)
        {
            await Tool.RunAsync("ip", "netns", "del", name);
        }
    }

    private async Task BuildAsync(int members)
    {
        var hub = await AddNamespaceAsync("hub");
        await IpAsync("-n", hub, "link", "add", "br0", "type", "bridge");
        await IpAsync("-n", hub, "link", "set", "br0", "up");
        await IpAsync("link", "add", $"{_id}h", "type", "veth", "peer", "name", "up0", "netns", hub);
        await IpAsync("-n", hub, "link", "set", "up0", "master", "br0", "up");
        await IpAsync("addr", "add", $"{_subnet}.1/{PrefixBits}", "dev", $"{_id}h");
        await IpAsync("link", "set", $"{_id}h", "up");
        var addresses = new List<MemberAddress>();
        for (var i = 0; i < members; i++)
        {
            var name = await AddNamespaceAsync(string.Create(CultureInfo.InvariantCulture, $"m{i}"));
            var port = string.Create(CultureInfo.InvariantCulture, $"p{i}");
            await IpAsync("link", "add", port, "netns", hub, "type", "veth", "peer", "name", "eth0", "netns", name);
            await IpAsync("-n", hub, "link", "set", port, "master", "br0", "up");
            await IpAsync("-n", name, "addr", "add", $"{Host(i)}/{PrefixBits}", "dev", "eth0");
            await IpAsync("-n", name, "link", "set", "lo", "up");
            await IpAsync("-n", name, "link", "set", "eth0", "up");
            var peer = MemberAddress.Url(Host(i), PeerPort);
            addresses.Add(new MemberAddress(name, MemberAddress.Url(Host(i), ClientPort), peer, peer));
        }

        Addresses = addresses;
    }

    private async Task<string> AddNamespaceAsync(string suffix)
    {
        var name = $"{_id}-{suffix}";
        await IpAsync("netns", "add", name);
        Watchdog.Namespace(name);
        _namespaces.Add(name);
        return name;
    }

    private string Host(int member) => string.Create(CultureInfo.InvariantCulture, $"{_subnet}.{FirstHost + member}");

    private Task InAsync(int member, params string[] arguments) => IpAsync(["-n", Addresses[member].Namespace!, .. arguments]);

    private static Task IpAsync(params string[] arguments) => Tool.RunAsync("ip", arguments);
}
