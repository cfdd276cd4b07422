using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Services;
using Krewe.Api.Tests.Hosting;

namespace Krewe.Api.Tests.Services;

/// <summary>Cluster, Maintenance, health, reflection, and what is not built yet.</summary>
public sealed class OtherServicesTests
{
    [Fact]
    public async Task Members_are_listed_under_a_header_without_revision_behaviour_239()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.Revision = 5;

        var response = await host.Client.CallAsync<MemberListRequest, MemberListResponse>(
            "etcdserverpb.Cluster", "MemberList", new() { Linearizable = true });

        Assert.Equal((0L, 0xABul, 7ul), (response.Header.Revision, response.Header.MemberId, response.Header.RaftTerm));
        var member = Assert.Single(response.Members);
        Assert.Equal((0xABul, "one"), (member.ID, member.Name));
        Assert.Equal(["http://127.0.0.1:2379"], member.ClientURLs);
        Assert.True(host.Membership.LastWasLinearizable);
    }

    [Fact]
    public async Task Status_tells_versions_sizes_and_problems_behaviours_258_to_260()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.LeaderId = 0;
        host.Maintenance.Alarms.Add(new(0xAB, Krewe.Grains.Interfaces.Maintenance.AlarmType.NoSpace));

        var status = await StatusAsync(host);

        Assert.Equal(("3.7.1", "3.7.0"), (status.Version, status.StorageVersion));
        Assert.Equal((4096L, 1024L, 2147483648L), (status.DbSize, status.DbSizeInUse, status.DbSizeQuota));
        Assert.Equal((0ul, 21ul, 20ul, 7ul), (status.Leader, status.RaftIndex, status.RaftAppliedIndex, status.RaftTerm));
        Assert.Equal(["etcdserver: no leader", "memberID:171 alarm:NOSPACE"], status.Errors);
        Assert.NotNull(status.DowngradeInfo);
    }

    [Fact]
    public async Task Alarms_are_raised_listed_and_removed_behaviours_261_to_263()
    {
        await using var host = await ApiHost.StartAsync();

        var raised = await AlarmAsync(host, AlarmRequest.Types.AlarmAction.Activate, AlarmType.Nospace);
        var nothing = await AlarmAsync(host, AlarmRequest.Types.AlarmAction.Activate, AlarmType.None);
        var listed = await AlarmAsync(host, AlarmRequest.Types.AlarmAction.Get, AlarmType.None);
        var removed = await AlarmAsync(host, AlarmRequest.Types.AlarmAction.Deactivate, AlarmType.Nospace);
        var again = await AlarmAsync(host, AlarmRequest.Types.AlarmAction.Deactivate, AlarmType.Nospace);

        Assert.Equal(new AlarmMember { MemberID = 3, Alarm = AlarmType.Nospace }, Assert.Single(raised.Alarms));
        Assert.Empty(nothing.Alarms);
        Assert.Equal(raised.Alarms, listed.Alarms);
        Assert.Equal(raised.Alarms, removed.Alarms);
        Assert.Empty(again.Alarms);
        Assert.NotNull(raised.Header);
    }

    [Fact]
    public async Task Defragment_has_no_header_and_hashes_have_one_behaviours_273_276()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.Revision = 6;

        var defragment = await host.Client.CallAsync<DefragmentRequest, DefragmentResponse>(EtcdClient.Maintenance, "Defragment", new());
        var hash = await host.Client.CallAsync<HashRequest, HashResponse>(EtcdClient.Maintenance, "Hash", new());
        var hashKv = await host.Client.CallAsync<HashKVRequest, HashKVResponse>(EtcdClient.Maintenance, "HashKV", new() { Revision = 4 });

        Assert.Null(defragment.Header);
        Assert.Equal(1, host.Maintenance.Defragmentations);
        Assert.Equal((0xFEEDu, 6L), (hash.Hash, hash.Header.Revision));
        Assert.Equal((0xBEEFu, -1L, 4L, 6L), (hashKv.Hash, hashKv.CompactRevision, hashKv.HashRevision, hashKv.Header.Revision));
    }

    [Theory]
    [InlineData("etcdserverpb.Maintenance", "Downgrade")]
    public async Task What_is_not_built_says_so(string service, string method)
    {
        await using var host = await ApiHost.StartAsync();

        await EtcdClient.ExpectAsync(
            StatusCode.Unimplemented,
            $"etcdserver: {method} is not available yet in Krewe",
            () => host.Client.CallAsync<StatusRequest, StatusResponse>(service, method, new()));
    }

    [Fact]
    public async Task Health_serves_the_empty_name_only_behaviour_287()
    {
        await using var host = await ApiHost.StartAsync();

        var response = await CheckAsync(host, "");

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
        await EtcdClient.ExpectAsync(StatusCode.NotFound, "unknown service", () => CheckAsync(host, "etcdserverpb.KV"));
        using var watch = host.Client.Stream<HealthCheckRequest, HealthCheckResponse>("grpc.health.v1.Health", "Watch", new());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task A_learner_serves_status_and_serializable_ranges_only_behaviour_254()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.IsLearner = true;
        const string Text = "etcdserver: rpc not supported for learner";

        Assert.True((await StatusAsync(host)).IsLearner);
        await host.Client.RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8("a"), Serializable = true });
        await EtcdClient.ExpectAsync(
            StatusCode.FailedPrecondition, Text, () => host.Client.RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8("a") }));
        await EtcdClient.ExpectAsync(StatusCode.FailedPrecondition, Text, () => host.Client.PutAsync("a", "1"));
        await EtcdClient.ExpectAsync(StatusCode.FailedPrecondition, Text, () => CheckAsync(host, ""));
        await using var watch = new WatchProbe(host);
        await EtcdClient.ExpectAsync(StatusCode.FailedPrecondition, Text, watch.NextAsync);
    }

    [Fact]
    public void Every_method_of_the_proto_files_is_served()
    {
        var declared = RpcReflection.Descriptor.Services
            .Concat(Protos.Lock.LockReflection.Descriptor.Services)
            .Concat(Protos.Election.ElectionReflection.Descriptor.Services)
            .Concat(HealthReflection.Descriptor.Services)
            .SelectMany(s => s.Methods.Select(m => (Path: $"/{s.FullName}/{m.Name}", Kind: KindOf(m))))
            .Where(m => m.Path != "/grpc.health.v1.Health/List")
            .OrderBy(m => m.Path, StringComparer.Ordinal);
        IGrpcService[] services =
        [
            new KvService(null!, null!, null!, null!),
            new Api.Services.Watch.WatchService(null!, null!, null!, null!, null!, null!, null!, null!, null!),
            new LeaseService(null!, null!, null!, null!, null!, null!),
            new ClusterService(null!, null!),
            new MaintenanceService(null!, null!, null!, null!, null!, null!),
            new AuthService(null!, null!, null!),
            new LockService(null!, null!, null!),
            new ElectionService(null!, null!, null!, null!),
            new HealthService(null!),
        ];

        var served = new GrpcMethodTable(services).Methods.Select(m => (m.Path, m.Kind)).OrderBy(m => m.Path, StringComparer.Ordinal);

        Assert.Equal(declared, served);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reflection_is_an_option(bool enabled)
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { EnableReflection = enabled });
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(host.ClientUrl);
        var client = new global::Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(channel);
        using var call = client.ServerReflectionInfo();
        if (enabled)
        {
            await call.RequestStream.WriteAsync(new() { ListServices = "" });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Contains("etcdserverpb.KV", call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name));
        }
        else
        {
            await EtcdClient.ExpectAsync(
                StatusCode.Unimplemented,
                "unknown service grpc.reflection.v1alpha.ServerReflection",
                () => call.ResponseStream.MoveNext(CancellationToken.None));
        }
    }

    private static GrpcMethodKind KindOf(Google.Protobuf.Reflection.MethodDescriptor method) =>
        method.IsClientStreaming ? GrpcMethodKind.BidiStream : method.IsServerStreaming ? GrpcMethodKind.ServerStream : GrpcMethodKind.Unary;

    private static Task<StatusResponse> StatusAsync(ApiHost host) =>
        host.Client.CallAsync<StatusRequest, StatusResponse>(EtcdClient.Maintenance, "Status", new());

    private static Task<AlarmResponse> AlarmAsync(ApiHost host, AlarmRequest.Types.AlarmAction action, AlarmType type) =>
        host.Client.CallAsync<AlarmRequest, AlarmResponse>(
            EtcdClient.Maintenance, "Alarm", new() { Action = action, MemberID = 3, Alarm = type });

    private static Task<HealthCheckResponse> CheckAsync(ApiHost host, string service) =>
        host.Client.CallAsync<HealthCheckRequest, HealthCheckResponse>("grpc.health.v1.Health", "Check", new() { Service = service });
}
