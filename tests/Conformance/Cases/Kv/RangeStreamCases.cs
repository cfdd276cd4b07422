using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Kv;

/// <summary>Section 3: RangeStream, which the reference (before 3.7) lacks, so Krewe's own Range is the yardstick.</summary>
internal static class RangeStreamCases
{
    private const int ManyKeys = 2500;

    public static IEnumerable<ConformanceCase> All =>
    [
        new([54], "a server before 3.7 answers Unimplemented and Krewe streams", async c =>
        {
            await c.Seed("a");
            c.Record("stream", (await ReadAsync(c, Range("a"))).Status.StatusCode.ToString());
        })
        { Deviations = [Deviation.Exactly("stream", "RangeStream exists since 3.7 (B43, B54)", "OK")] },
        new([43, 44, 47], "the chunks add up to the Range answer and only the last has header, more and count", async c =>
        {
            await SeedManyAsync(c, ManyKeys);
            foreach (var request in new[] { All(), Limited(700), Limited(ManyKeys), Limited(ManyKeys + 1), Limited(5) })
            {
                var (chunks, status) = await ReadAsync(c, request);
                Assert.Equal(StatusCode.OK, status.StatusCode);
                var whole = await c.Target.Kv.RangeAsync(request, deadline: CaseRun.Deadline());
                Assert.Equal(whole.Kvs, chunks.SelectMany(k => k.Kvs));
                Assert.Equal((whole.Count, whole.More, whole.Header), (chunks[^1].Count, chunks[^1].More, chunks[^1].Header));
                Assert.All(chunks.SkipLast(1), k => Assert.True(k.Header is null && !k.More && k.Count == 0 && k.Kvs.Count > 0));
            }
        })
        { KreweOnly = true },
        new([45, 46, 48], "the revision is pinned by the first chunk, which has at most 10 keys", async c =>
        {
            await SeedManyAsync(c, ManyKeys);
            var before = await c.Target.Kv.RangeAsync(All(), deadline: CaseRun.Deadline());
            using var call = c.Target.Kv.RangeStream(All(), deadline: CaseRun.Deadline());
            Assert.True(await call.ResponseStream.MoveNext(default));
            var chunks = new List<RangeResponse> { call.ResponseStream.Current.RangeResponse };
            Assert.InRange(chunks[0].Kvs.Count, 1, 10);
            await c.Target.Kv.PutAsync(Put("zzz", "later"), deadline: CaseRun.Deadline());
            await c.Target.Kv.DeleteRangeAsync(Delete("k02400", "k02500"), deadline: CaseRun.Deadline());
            while (await call.ResponseStream.MoveNext(default))
            {
                chunks.Add(call.ResponseStream.Current.RangeResponse);
            }

            Assert.Equal(before.Kvs, chunks.SelectMany(k => k.Kvs));
            Assert.Equal(before.Header.Revision, chunks[^1].Header.Revision);

            var past = All();
            past.Revision = before.Header.Revision - 5;
            var (old, _) = await ReadAsync(c, past);
            Assert.Equal(ManyKeys - 5, old.Sum(k => k.Kvs.Count));
            Assert.Equal(before.Header.Revision + 2, old[^1].Header.Revision);
        })
        { KreweOnly = true },
        new([50], "other orders and revision filters are Unimplemented", async c =>
        {
            await c.Seed("a");
            foreach (var (target, order, text) in new[]
            {
                (RangeRequest.Types.SortTarget.Key, RangeRequest.Types.SortOrder.Descend, "RangeStream does not support custom sort orders"),
                (RangeRequest.Types.SortTarget.Mod, RangeRequest.Types.SortOrder.Ascend, "RangeStream does not support custom sort orders"),
            })
            {
                var request = All();
                (request.SortTarget, request.SortOrder) = (target, order);
                Assert.Equal(new Status(StatusCode.Unimplemented, text), Plain((await ReadAsync(c, request)).Status));
            }

            foreach (var filter in new Action<RangeRequest>[] { r => r.MinModRevision = 1, r => r.MaxModRevision = 9, r => r.MinCreateRevision = 1, r => r.MaxCreateRevision = 9 })
            {
                var request = All();
                filter(request);
                Assert.Equal(new Status(StatusCode.Unimplemented, "RangeStream does not support revision filters"), Plain((await ReadAsync(c, request)).Status));
            }

            var ascending = All();
            ascending.SortOrder = RangeRequest.Types.SortOrder.Ascend;
            Assert.Equal(StatusCode.OK, (await ReadAsync(c, ascending)).Status.StatusCode);
        })
        { KreweOnly = true },
        new([15, 36, 37, 43], "bad requests fail as in Range", async c =>
        {
            await c.Seed("a", "b");
            await c.Target.Kv.CompactAsync(new() { Revision = c.Rev(2) }, deadline: CaseRun.Deadline());
            foreach (var request in new[] { Range(""), At(c.Rev(1)), At(c.Rev(3)) })
            {
                var unary = await Assert.ThrowsAsync<RpcException>(() => c.Target.Kv.RangeAsync(request, deadline: CaseRun.Deadline()).ResponseAsync);
                var (chunks, status) = await ReadAsync(c, request);
                Assert.Equal(Plain(unary.Status), Plain(status));
                Assert.Empty(chunks);
            }
        })
        { KreweOnly = true },
        new([49], "a compaction that passes the pinned revision ends the stream with Compacted", async c =>
        {
            // 40 MB, far more than the flow-control windows hold, so that the server can't have read it all.
            var large = ByteString.CopyFrom(new byte[200_000]);
            for (var i = 0; i < 200; i++)
            {
                await c.Target.Kv.PutAsync(new() { Key = Utf8($"k{i:d5}"), Value = large }, deadline: CaseRun.Deadline());
            }

            using var call = c.Target.Kv.RangeStream(All(), deadline: CaseRun.Deadline());
            Assert.True(await call.ResponseStream.MoveNext(default));
            var put = await c.Target.Kv.PutAsync(Put("k00000", "new"), deadline: CaseRun.Deadline());
            await c.Target.Kv.CompactAsync(new() { Revision = put.Header.Revision, Physical = true }, deadline: CaseRun.Deadline());
            var end = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                while (await call.ResponseStream.MoveNext(default))
                {
                    Assert.Null(call.ResponseStream.Current.RangeResponse.Header);
                }
            });
            Assert.Equal(new Status(StatusCode.OutOfRange, "etcdserver: mvcc: required revision has been compacted"), Plain(end.Status));
        })
        { KreweOnly = true },
        new([51, 52], "count_only and an empty answer are one message", async c =>
        {
            await c.Seed("a", "b");
            var count = All();
            count.CountOnly = true;
            var (counted, _) = await ReadAsync(c, count);
            Assert.Equal((1, 2L, 0), (counted.Count, counted[0].Count, counted[0].Kvs.Count));
            Assert.NotNull(counted[0].Header);
            var (empty, _) = await ReadAsync(c, Range("x", "z"));
            Assert.Equal((1, 0L, 0), (empty.Count, empty[0].Count, empty[0].Kvs.Count));
            Assert.Equal(c.Rev(2), empty[0].Header.Revision);
        })
        { KreweOnly = true },
    ];

    private static RangeRequest Limited(long limit)
    {
        var request = All();
        request.Limit = limit;
        return request;
    }

    private static RangeRequest At(long revision)
    {
        var request = All();
        request.Revision = revision;
        return request;
    }

    private static Status Plain(Status status) => new(status.StatusCode, status.Detail);

    private static async Task SeedManyAsync(CaseRun c, int count)
    {
        var tasks = Enumerable.Range(0, count).Select(i => c.Target.Kv.PutAsync(Put($"k{i:d5}"), deadline: CaseRun.Deadline()).ResponseAsync);
        await Task.WhenAll(tasks);
    }

    private static async Task<(List<RangeResponse> Chunks, Status Status)> ReadAsync(CaseRun c, RangeRequest request)
    {
        var chunks = new List<RangeResponse>();
        using var call = c.Target.Kv.RangeStream(request, deadline: CaseRun.Deadline());
        try
        {
            while (await call.ResponseStream.MoveNext(default))
            {
                chunks.Add(call.ResponseStream.Current.RangeResponse);
            }

            return (chunks, Status.DefaultSuccess);
        }
        catch (RpcException e)
        {
            return (chunks, e.Status);
        }
    }
}
