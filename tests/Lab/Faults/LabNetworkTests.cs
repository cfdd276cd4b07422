using Krewe.Lab.Engine;

namespace Krewe.Lab.Faults;

/// <summary>A cut that cuts nothing would make the partitions prove nothing.</summary>
public sealed class LabNetworkTests
{
    [Fact]
    public async Task A_cut_is_one_way_and_heals()
    {
        await using var network = await LabNetwork.CreateAsync(2);
        Assert.True(await ReachesAsync(network, 0, 1));
        await network.CutAsync(0, 1);
        // What needs an answer fails from both sides; what is only heard is told apart by the counters of the receiver.
        Assert.False(await ReachesAsync(network, 0, 1));
        var heard = await ReceivedAsync(network, 0);
        Assert.False(await ReachesAsync(network, 1, 0));
        Assert.True(await ReceivedAsync(network, 0) > heard, "the way back must stay open");
        await network.HealAsync();
        Assert.True(await ReachesAsync(network, 0, 1));
        Assert.True(await ReachesAsync(network, 1, 0));
    }

    // The shell's answer to a connection: refused (reached, nobody listens there) is an answer, silence is none.
    private static async Task<bool> ReachesAsync(LabNetwork network, int from, int to)
    {
        var host = new Uri(network.Addresses[to].PeerUrl).Host;
        var script = $"timeout 0.5 bash -c 'echo >/dev/tcp/{host}/9' 2>&1; [ $? = 124 ] && echo silence || echo answer";
        var output = await Tool.RunAsync("nsenter", $"--net=/run/netns/{network.Addresses[from].Namespace}", "bash", "-c", script);
        return output.Contains("answer", StringComparison.Ordinal);
    }

    private static async Task<long> ReceivedAsync(LabNetwork network, int member)
    {
        // The namespace's own counters: InReceives of the IP layer.
        var output = await Tool.RunAsync("nsenter", $"--net=/run/netns/{network.Addresses[member].Namespace}", "cat", "/proc/self/net/snmp");
        return long.Parse(output.Split('\n')[1].Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);
    }
}
