using System.Collections.Concurrent;
using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Gateway;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Watch;
using Krewe.Silo.Clustering;
using Krewe.Silo.Streams;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Messaging;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Krewe.Cluster.Tests.Hosted;

/// <summary>
/// Three silos and an outside client on Orleans' TestingHost, with the product's membership table, grain directory, placement, streams and filter of
/// outside calls in place of TestingHost's own. The replicated state below is a <see cref="FakeCluster"/>; its member n is the silo that started n-th.
/// </summary>
internal sealed class HostedCluster : IAsyncDisposable
{
    public const int Silos = 3;

    /// <summary>TestingHost makes configurators itself; this is how they find the cluster that they are for.</summary>
    private static readonly ConcurrentDictionary<string, HostedCluster> Started = [];

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly TestCluster _host;
    private readonly List<RevisionLog> _logs = [];
    private readonly FakeHistory _history = new();
    private int _members;

    private HostedCluster()
    {
        Started[_id] = this;
        var builder = new TestClusterBuilder(Silos);
        builder.Options.UseTestClusterMembership = false;
        builder.Options.ConfigureFileLogging = false;
        builder.Properties[Configurator.Key] = _id;
        builder.AddSiloBuilderConfigurator<Configurator>();
        builder.AddClientBuilderConfigurator<Configurator>();
        _host = builder.Build();
    }

    public FakeCluster State { get; } = new();

    /// <summary>What outside clients have the members' RPCs answered by.</summary>
    public HeldRpcs Rpcs { get; } = new();

    /// <summary>The outside client.</summary>
    public IClusterClient Client => _host.Client;

    public IReadOnlyList<InProcessSiloHandle> Live => [.. _host.Silos.Where(silo => silo.IsActive).Cast<InProcessSiloHandle>()];

    public static async Task<HostedCluster> StartAsync()
    {
        var cluster = new HostedCluster();
        await cluster._host.DeployAsync();
        return cluster;
    }

    public static IGrainFactory Grains(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>As a grain of a silo sees the cluster.</summary>
    public static ClusterMembershipSnapshot Membership(InProcessSiloHandle silo) =>
        silo.ServiceProvider.GetRequiredService<IClusterMembershipService>().CurrentSnapshot;

    public static ulong MemberOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<FakeMember>().MemberId;

    public static IAsyncStream<RevisionEvents> StreamOf(InProcessSiloHandle subscriber, SiloAddress source) =>
        subscriber.ServiceProvider.GetRequiredService<IClusterClient>()
            .GetStreamProvider(RevisionStreams.ProviderName).GetStream<RevisionEvents>(RevisionStreams.ForSilo(source));

    public InProcessSiloHandle SiloOf(ulong member) => Live.Single(silo => MemberOf(silo) == member);

    /// <summary>Without a goodbye: its row stays as it is.</summary>
    public Task KillAsync(InProcessSiloHandle silo) => _host.KillSiloAsync(silo);

    /// <summary>Every member applies one revision.</summary>
    public void Put(string key)
    {
        var revision = _history.CurrentRevision + 1;
        var events = new RevisionEvents(revision, [WatchRig.Put(key, revision)]);
        _history.Append(events);
        _logs.ForEach(log => log.Publish(events));
    }

    public async ValueTask DisposeAsync()
    {
        Rpcs.Release();
        await _host.DisposeAsync();
        Started.TryRemove(_id, out _);
        Rpcs.Dispose();
    }

    private void Configure(ISiloBuilder silo)
    {
        var log = new RevisionLog(new RevisionLogOptions());
        var member = new FakeMember(State, (ulong)Interlocked.Increment(ref _members));
        lock (_logs)
        {
            _logs.Add(log);
        }

        silo.Services.AddSingleton(member);
        silo.Services.AddSingleton<ICommandProposer>(member);
        silo.Services.AddSingleton<ILeadership>(member);
        silo.Services.AddSingleton(State.Silos);
        silo.Services.AddSingleton(State.Directory);
        silo.Services.AddSingleton(log);
        silo.Services.AddSingleton<IRevisionHistory>(_history);
        silo.Services.AddSingleton<IMemberStatus>(new GatewayStatus());
        silo.Services.AddSingleton<IAuthClient>(new FakeAuth());
        silo.Services.AddSingleton<IHealthProbe>(new FakeHealth());
        silo.Services.AddSingleton<ILocalRpcs>(Rpcs);
        silo.UseRaftClustering();
        silo.AddRevisionStreams();
        silo.AddIncomingGrainCallFilter<HostedCallFilter>();

        // The probe grain stands in for it, under its grain type.
        silo.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.RemoveWhere(type => type.Name == "KeyPrefixGrain"));
    }

    private sealed class Configurator : ISiloConfigurator, IClientBuilderConfigurator
    {
        public const string Key = "KreweHostedCluster";

        public void Configure(ISiloBuilder siloBuilder) => Started[siloBuilder.Configuration[Key]!].Configure(siloBuilder);

        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) =>
            clientBuilder.Services.AddSingleton<IGatewayListProvider>(new TableGateways(Started[configuration[Key]!].State.Silos));
    }
}
