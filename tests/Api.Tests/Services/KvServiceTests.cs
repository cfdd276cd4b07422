using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Hosting;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Services;

public sealed class KvServiceTests
{
    [Fact]
    public async Task A_put_is_read_back_with_full_headers_behaviours_12_13()
    {
        await using var host = await ApiHost.StartAsync();

        var put = await host.Client.PutAsync("k", "");
        var range = await host.Client.RangeAsync(new RangeRequest { Key = Bytes("k") });

        Assert.Equal(new ResponseHeader { ClusterId = 0xC1, MemberId = 0xAB, Revision = 2, RaftTerm = 7 }, put.Header);
        Assert.Equal(put.Header, range.Header);
        var kv = Assert.Single(range.Kvs);
        Assert.Equal(("k", 2L, 2L, 1L, 0), (kv.Key.ToStringUtf8(), kv.CreateRevision, kv.ModRevision, kv.Version, kv.Value.Length));
        Assert.Equal(1, range.Count);
        Assert.False(range.More);
    }

    [Fact]
    public async Task Ranges_carry_limit_more_and_count()
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var key in new[] { "a", "b", "c" })
        {
            await host.Client.PutAsync(key, "v" + key);
        }

        var range = await host.Client.RangeAsync(new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("\0"), Limit = 2 });

        Assert.Equal(["a", "b"], range.Kvs.Select(kv => kv.Key.ToStringUtf8()));
        Assert.Equal(["va", "vb"], range.Kvs.Select(kv => kv.Value.ToStringUtf8()));
        Assert.True(range.More);
        Assert.Equal(3, range.Count);
    }

    [Fact]
    public async Task Every_field_of_a_range_request_arrives()
    {
        await using var host = await ApiHost.StartAsync();

        await host.Client.RangeAsync(new RangeRequest
        {
            Key = Bytes("a"),
            RangeEnd = Bytes("b"),
            Limit = 1,
            Revision = -2,
            SortOrder = RangeRequest.Types.SortOrder.Descend,
            SortTarget = RangeRequest.Types.SortTarget.Value,
            Serializable = true,
            KeysOnly = true,
            CountOnly = true,
            MinModRevision = 3,
            MaxModRevision = 4,
            MinCreateRevision = 5,
            MaxCreateRevision = long.MaxValue,
        });

        var seen = Assert.IsType<Krewe.Grains.Interfaces.Kv.RangeRequest>(host.Keyspace.Last);
        Assert.Equal("a b", $"{Encoding.UTF8.GetString(seen.Key.Span)} {Encoding.UTF8.GetString(seen.RangeEnd.Span)}");
        Assert.Equal((1, -2, 2, 4), (seen.Limit, seen.Revision, (int)seen.SortOrder, (int)seen.SortTarget));
        Assert.True(seen.Serializable && seen.KeysOnly && seen.CountOnly);
        Assert.Equal(
            (3, 4, 5, long.MaxValue),
            (seen.MinModRevision, seen.MaxModRevision, seen.MinCreateRevision, seen.MaxCreateRevision));
    }

    [Fact]
    public async Task Deletes_count_and_return_what_was_there_behaviours_61_62()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Client.PutAsync("a", "1");
        await host.Client.PutAsync("b", "2");

        var response = await host.Client.DeleteRangeAsync(new DeleteRangeRequest { Key = Bytes("a"), RangeEnd = Bytes("z"), PrevKv = true });

        Assert.Equal((2L, 4L), (response.Deleted, response.Header.Revision));
        Assert.Equal(["1", "2"], response.PrevKvs.Select(kv => kv.Value.ToStringUtf8()));
    }

    [Fact]
    public async Task Transactions_have_inner_headers_as_etcd_writes_them_behaviours_68_to_71()
    {
        await using var host = await ApiHost.StartAsync();
        var nested = new TxnRequest { Success = { Put("c", "3") } };

        var response = await host.Client.TxnAsync(new TxnRequest
        {
            Compare = { new Protos.Etcd.Compare { Key = Bytes("a"), Target = Compare.Types.CompareTarget.Version, Version = 0 } },
            Success =
            {
                new RequestOp { RequestRange = new RangeRequest { Key = Bytes("a") } },
                Put("a", "1"),
                new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = Bytes("x") } },
                new RequestOp { RequestTxn = nested },
            },
            Failure = { Put("never", "") },
        });

        Assert.Equal(new ResponseHeader { ClusterId = 0xC1, MemberId = 0xAB, Revision = 2, RaftTerm = 7 }, response.Header);
        Assert.Equal(
            [
                ResponseOp.ResponseOneofCase.ResponseRange,
                ResponseOp.ResponseOneofCase.ResponsePut,
                ResponseOp.ResponseOneofCase.ResponseDeleteRange,
                ResponseOp.ResponseOneofCase.ResponseTxn,
            ],
            response.Responses.Select(r => r.ResponseCase));
        Assert.Equal(new ResponseHeader { Revision = 2 }, response.Responses[1].ResponsePut.Header);
        Assert.Equal(new ResponseHeader(), response.Responses[3].ResponseTxn.Header);
        Assert.Equal(new ResponseHeader { Revision = 2 }, response.Responses[3].ResponseTxn.Responses[0].ResponsePut.Header);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_only_transactions_are_local_only_when_all_ranges_are_behaviour_93(bool second)
    {
        await using var host = await ApiHost.StartAsync();

        await host.Client.TxnAsync(new TxnRequest
        {
            Success = { new RequestOp { RequestRange = new RangeRequest { Key = Bytes("a"), Serializable = true } } },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = Bytes("a"), Serializable = second } } },
        });

        Assert.Equal(second, host.Keyspace.LastWasSerializableRead);
    }

    [Fact]
    public async Task A_compaction_answers_the_current_revision_behaviour_101()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Client.PutAsync("a", "1");

        var response = await host.Client.CallAsync<CompactionRequest, CompactionResponse>(
            EtcdClient.Kv, "Compact", new CompactionRequest { Revision = 2, Physical = true });

        Assert.Equal((2L, 2L), (response.Header.Revision, host.Keyspace.Compacted));
    }

    [Theory]
    [InlineData(EtcdError.Compacted, StatusCode.OutOfRange, "etcdserver: mvcc: required revision has been compacted")]
    [InlineData(EtcdError.TooManyRequests, StatusCode.Unknown, "etcdserver: too many requests")]
    [InlineData(EtcdError.MemberNotEnoughStarted, StatusCode.Unknown, "etcdserver: re-configuration failed due to not enough started members")]
    [InlineData(EtcdError.Timeout, StatusCode.Unavailable, "etcdserver: request timed out")]
    [InlineData(EtcdError.Corrupt, StatusCode.DataLoss, "etcdserver: corrupt cluster")]
    [InlineData(EtcdError.ProposalDropped, StatusCode.Unknown, "raft proposal dropped")]
    [InlineData(EtcdError.DeadlineExceeded, StatusCode.DeadlineExceeded, "context deadline exceeded")]
    internal async Task Failures_have_etcds_code_and_text(EtcdError error, StatusCode code, string text)
    {
        await using var host = await ApiHost.StartAsync();
        host.Keyspace.Failure = error;

        await EtcdClient.ExpectAsync(code, text, () => host.Client.PutAsync("a", "1"));
    }

    [Fact]
    public async Task Only_the_last_message_of_a_range_stream_has_a_header_behaviours_43_to_47()
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var key in new[] { "a", "b", "c", "d", "e" })
        {
            await host.Client.PutAsync(key, "v");
        }

        var messages = await StreamAsync(host, new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("\0") });

        Assert.Equal([2, 2, 1], messages.Select(m => m.RangeResponse.Kvs.Count));
        Assert.All(messages.SkipLast(1), m => Assert.Null(m.RangeResponse.Header));
        Assert.Equal((5L, 6L), (messages[^1].RangeResponse.Count, messages[^1].RangeResponse.Header.Revision));
    }

    [Fact]
    public async Task An_empty_range_stream_has_one_message_behaviour_52()
    {
        await using var host = await ApiHost.StartAsync();

        var message = Assert.Single(await StreamAsync(host, new RangeRequest { Key = Bytes("a") }));

        Assert.Equal((0L, 1L), (message.RangeResponse.Count, message.RangeResponse.Header.Revision));
    }

    [Fact]
    public async Task Range_streams_refuse_sorting_and_filters_behaviour_50()
    {
        await using var host = await ApiHost.StartAsync();

        await EtcdClient.ExpectAsync(
            StatusCode.Unimplemented,
            "RangeStream does not support custom sort orders",
            () => StreamAsync(host, new RangeRequest { Key = Bytes("a"), SortOrder = RangeRequest.Types.SortOrder.Descend, MinModRevision = 1 }));
        await EtcdClient.ExpectAsync(
            StatusCode.Unimplemented,
            "RangeStream does not support revision filters",
            () => StreamAsync(host, new RangeRequest { Key = Bytes("a"), MinModRevision = 1 }));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(27, true)]
    [InlineData(25, false)]
    public async Task The_request_limit_counts_the_logged_envelope_behaviour_64(int below, bool accepted)
    {
        await using var host = await ApiHost.StartAsync();
        var request = new PutRequest { Key = Bytes("key"), Value = ByteString.CopyFrom(new byte[new ApiOptions().MaxRequestBytes - below]) };

        if (accepted)
        {
            await host.Client.PutAsync(request);
            var seen = Assert.IsType<Krewe.Grains.Interfaces.Kv.PutRequest>(host.Keyspace.Last);
            Assert.Equal(request.Value.Length, seen.Value.Length);
        }
        else
        {
            await EtcdClient.ExpectAsync(StatusCode.InvalidArgument, "etcdserver: request is too large", () => host.Client.PutAsync(request));
        }
    }

    [Fact]
    public async Task A_message_over_the_receive_limit_is_refused_with_both_sizes_behaviour_65()
    {
        await using var host = await ApiHost.StartAsync();
        var request = new PutRequest { Key = Bytes("k"), Value = ByteString.CopyFrom(new byte[3 << 20]) };

        await EtcdClient.ExpectAsync(
            StatusCode.ResourceExhausted,
            $"grpc: received message larger than max ({request.CalculateSize()} vs. {2 << 20})",
            () => host.Client.PutAsync(request));
    }

    [Fact]
    public async Task Large_answers_arrive_whole_behaviour_66()
    {
        await using var host = await ApiHost.StartAsync();
        var value = new byte[1 << 20];
        Random.Shared.NextBytes(value);
        foreach (var key in new[] { "a", "b", "c", "d", "e", "f" })
        {
            await host.Client.PutAsync(new PutRequest { Key = Bytes(key), Value = ByteString.CopyFrom(value) });
        }

        var range = await host.Client.RangeAsync(new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("\0") });

        Assert.Equal(6, range.Kvs.Count);
        Assert.All(range.Kvs, kv => Assert.True(kv.Value.Span.SequenceEqual(value)));
        Assert.Equal(6, range.Count);
    }

    private static async Task<List<RangeStreamResponse>> StreamAsync(ApiHost host, RangeRequest request)
    {
        using var call = host.Client.Stream<RangeRequest, RangeStreamResponse>(EtcdClient.Kv, "RangeStream", request);
        var messages = new List<RangeStreamResponse>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            messages.Add(call.ResponseStream.Current);
        }

        return messages;
    }

    private static RequestOp Put(string key, string value) =>
        new() { RequestPut = new PutRequest { Key = Bytes(key), Value = Bytes(value) } };

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);
}
