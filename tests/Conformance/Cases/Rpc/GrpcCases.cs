using System.Text;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Rpc;

/// <summary>Section 15: gRPC itself.</summary>
internal static class GrpcCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([340], "hasleader metadata changes nothing while there is a leader", async c =>
        {
            var headers = new Metadata { { "hasleader", "true" } };
            await c.Do("put", c.Target.Kv.PutAsync(Put("a"), headers, CaseRun.Deadline()));
            await c.Do("range", c.Target.Kv.RangeAsync(Range("a"), headers, CaseRun.Deadline()));
            await using var watch = c.Watch(headers);
            await watch.CreateAsync(WatchKey("a"));
            await c.Next("created", watch);
            await c.Put("again", Put("a"));
            await c.Next("event", watch);
        }),
        new([341], "client-api-version is optional", async c =>
        {
            await c.Do("with", c.Target.Kv.RangeAsync(Range("a"), new Metadata { { "client-api-version", "3.7.1" } }, CaseRun.Deadline()));
            await c.Do("nonsense", c.Target.Kv.RangeAsync(Range("a"), new Metadata { { "client-api-version", "x y z" } }, CaseRun.Deadline()));
        }),
        new([341], "a client-api-version that is not UTF-8 is refused", async c =>
        {
            var bad = new Metadata { { "client-api-version", "\u00ff\u00fe" } };
            await c.Do("range", c.Target.Kv.RangeAsync(Range("a"), bad, CaseRun.Deadline()));
            Assert.Equal("error InvalidArgument: \"etcdserver: invalid client api version\"", c.Lines[0].Text);
            await c.Range("still serving", Range("a"));
            Assert.StartsWith("{header:", c.Lines[1].Text, StringComparison.Ordinal);
        })
        { KreweOnly = true },
        new([344], "the number of concurrent streams is not limited in practice", async c =>
        {
            var sessions = Enumerable.Range(0, 300).Select(_ => c.Watch()).ToArray();
            foreach (var session in sessions)
            {
                await session.CreateAsync(WatchKey("a"));
            }

            foreach (var session in sessions)
            {
                Assert.True((await session.NextAsync()).Created);
            }

            await c.Put("put beside 300 streams", Put("a"));
            foreach (var session in sessions)
            {
                Assert.Single((await session.NextAsync()).Events);
            }

            c.Record("streams", "300");
        }),
        new([346], "unknown services and methods are Unimplemented", async c =>
        {
            await Raw(c, "etcdserverpb.KV", "NoSuchMethod");
            await Raw(c, "etcdserverpb.Nothing", "Range");
            await Raw(c, "no.such.Service", "Method");
        }),
        new([348], "any authority is accepted", async c =>
        {
            foreach (var authority in new[] { "example.invalid", "localhost:1", "etcd" })
            {
                using var channel = ((EtcdTarget)c.Target).NewChannel(new AuthorityHandler(authority, EtcdTarget.NewHandler()));
                await c.Do(authority, new KV.KVClient(channel).PutAsync(Put("a"), deadline: CaseRun.Deadline()));
            }
        }),
        new([287], "gRPC health answers SERVING for the empty name", async c =>
        {
            foreach (var name in new[] { "", "etcdserverpb.KV", "x" })
            {
                var request = name.Length == 0 ? [] : new byte[] { 0x0a, (byte)name.Length }.Concat(Encoding.ASCII.GetBytes(name)).ToArray();
                await Raw(c, "grpc.health.v1.Health", "Check", request);
            }
        }),
        new([258, 236, 239], "Status and MemberList of one member", async c =>
        {
            await c.Do("members", c.Target.Cluster.MemberListAsync(new() { Linearizable = true }, deadline: CaseRun.Deadline()));
            await c.Do("members, local", c.Target.Cluster.MemberListAsync(new(), deadline: CaseRun.Deadline()));
            var status = await c.Target.Maintenance.StatusAsync(new(), deadline: CaseRun.Deadline());
            c.Record("semver", $"{Version.TryParse(status.Version, out _)}");
            c.Record("leader is self", $"{status.Leader == status.Header.MemberId} learner {status.IsLearner}");
            c.Record("sizes", $"{status.DbSize > 0} in use {status.DbSizeInUse > 0 && status.DbSizeInUse <= status.DbSize}");
            c.Record("raft", $"{status.RaftIndex > 0} {status.RaftTerm > 0} {status.RaftAppliedIndex > 0 && status.RaftAppliedIndex <= status.RaftIndex}");
            c.Record("errors", $"{status.Errors.Count}");
        }),
    ];

    private static async Task Raw(CaseRun c, string service, string method, byte[]? request = null)
    {
        var marshaller = Marshallers.Create<byte[]>(b => b, b => b);
        var call = c.Target.Channel.CreateCallInvoker().AsyncUnaryCall(
            new Method<byte[], byte[]>(MethodType.Unary, service, method, marshaller, marshaller), null, new CallOptions(deadline: CaseRun.Deadline()), request ?? []);
        var label = $"{service}/{method} {request?.Length}";
        try
        {
            c.Record(label, Convert.ToHexString(await call));
        }
        catch (RpcException e)
        {
            c.RecordError(label, e.Status);
        }
    }

    private sealed class AuthorityHandler(string authority, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = authority;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
