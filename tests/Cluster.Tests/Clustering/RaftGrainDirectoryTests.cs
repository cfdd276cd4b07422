using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Silos;
using Krewe.Silo.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Clustering;

public sealed class RaftGrainDirectoryTests : IAsyncLifetime
{
    private readonly FakeCluster _cluster = new();
    private TestSilo _silo = null!;

    private IGrainDirectory Directory => _silo.Services.GetRequiredKeyedService<IGrainDirectory>(RaftClusteringOptions.DirectoryName);

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_cluster, 1);

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Register_is_a_compare_and_swap_on_the_previous_address()
    {
        GrainAddress first = Address("g");
        GrainAddress second = Address("g");
        GrainAddress third = Address("g");
        Assert.Equal(first, await Directory.Register(first));
        Assert.Equal(first, await Directory.Register(second));
        Assert.Equal(second, await Directory.Register(second, first));
        Assert.Equal(second, await Directory.Register(third, first));
        Assert.Equal(second, await Directory.Lookup(first.GrainId));
    }

    [Fact]
    public async Task The_membership_version_is_kept()
    {
        GrainAddress address = Address("g");
        await Directory.Register(address);
        Assert.Equal(new MembershipVersion(42), (await Directory.Lookup(address.GrainId))!.MembershipVersion);
    }

    [Fact]
    public async Task Unregister_with_a_default_activation_id_names_nobody()
    {
        GrainAddress address = Address("g");
        await Directory.Register(address);
        await Directory.Unregister(new GrainAddress { GrainId = address.GrainId, SiloAddress = address.SiloAddress });
        Assert.NotNull(await Directory.Lookup(address.GrainId));
        await Directory.Unregister(address);
        Assert.Null(await Directory.Lookup(address.GrainId));
    }

    [Fact]
    public async Task Many_unregistrations_share_log_entries()
    {
        GrainAddress[] all = [.. Enumerable.Range(0, 500).Select(i => Address($"g{i}"))];
        foreach (GrainAddress address in all)
        {
            await Directory.Register(address);
        }

        int before = _silo.Member.DirectoryProposals;
        await Task.WhenAll(all.Select(Directory.Unregister));
        Assert.Equal(0, _cluster.Directory.Count);
        Assert.InRange(_silo.Member.DirectoryProposals - before, 1, 100);
    }

    [Fact]
    public async Task A_failed_unregistration_reaches_its_caller_and_the_queue_goes_on()
    {
        GrainAddress address = Address("g");
        await Directory.Register(address);
        _silo.Member.HasQuorum = false;
        await Assert.ThrowsAnyAsync<Exception>(() => Directory.Unregister(address));
        _silo.Member.HasQuorum = true;
        await Directory.Unregister(address);
        Assert.Null(await Directory.Lookup(address.GrainId));
    }

    [Fact]
    public async Task A_dead_silo_cannot_register()
    {
        const string Dead = "127.0.0.1:1@1";
        _cluster.State.AddSilo(Dead, SiloRowStatus.Dead);
        GrainAddress address = new()
        {
            GrainId = GrainId.Create("t", "g"),
            ActivationId = ActivationId.NewId(),
            SiloAddress = SiloAddress.FromParsableString(Dead),
        };
        Assert.Null(await Directory.Register(address));
    }

    [Fact]
    public async Task UnregisterSilos_never_throws_and_proposes_only_where_something_is_registered()
    {
        List<SiloAddress> silos = [_silo.Address, SiloAddress.FromParsableString("127.0.0.1:1@1")];
        int before = _silo.Member.DirectoryProposals;
        await Directory.UnregisterSilos(silos);
        Assert.Equal(before, _silo.Member.DirectoryProposals);
        await Directory.Register(Address("g"));
        _silo.Member.HasQuorum = false;
        await Directory.UnregisterSilos(silos);
        _silo.Member.HasQuorum = true;
        Assert.Equal(1, _cluster.Directory.Count);
    }

    private GrainAddress Address(string key) => new()
    {
        GrainId = GrainId.Create("t", key),
        ActivationId = ActivationId.NewId(),
        SiloAddress = _silo.Address,
        MembershipVersion = new MembershipVersion(42),
    };
}
