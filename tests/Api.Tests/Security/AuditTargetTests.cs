using Google.Protobuf;
using Krewe.Api.Protos.Election;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Lock;
using Krewe.Api.Security;
using DeleteRangeRequest = Krewe.Grains.Interfaces.Kv.DeleteRangeRequest;
using PutRequest = Krewe.Grains.Interfaces.Kv.PutRequest;
using RangeRequest = Krewe.Grains.Interfaces.Kv.RangeRequest;
using TxnRequest = Krewe.Grains.Interfaces.Kv.TxnRequest;

namespace Krewe.Api.Tests.Security;

public sealed class AuditTargetTests
{
    [Fact]
    public void A_transaction_names_the_keys_of_all_its_branches()
    {
        var inner = new TxnRequest { Failure = [new RangeRequest { Key = "d"u8.ToArray() }] };
        var txn = new TxnRequest
        {
            Success = [new PutRequest { Key = "a"u8.ToArray(), Value = "secret"u8.ToArray() }, inner],
            Failure = [new DeleteRangeRequest { Key = "b"u8.ToArray(), RangeEnd = "c"u8.ToArray() }],
        };

        Assert.Equal("put key=a range key=d delete key=b range_end=c", AuditTarget.Of(txn));
    }

    [Fact]
    public void The_keys_that_a_transaction_names_are_bounded()
    {
        PutRequest[] puts = [.. Enumerable.Range(0, 20).Select(i => new PutRequest { Key = new[] { (byte)('a' + i) } })];
        var text = AuditTarget.Of(new TxnRequest { Success = puts[..10], Failure = [new TxnRequest { Success = puts[10..] }] });

        Assert.EndsWith("put key=p more=4", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Locks_and_elections_name_their_keys()
    {
        var leader = new LeaderKey { Name = Bytes("e"), Key = Bytes("e/1"), Rev = 3, Lease = 1 };

        Assert.Equal("name=l lease=7", AuditTarget.Of(new LockRequest { Name = Bytes("l"), Lease = 7 }));
        Assert.Equal("key=l/7", AuditTarget.Of(new UnlockRequest { Key = Bytes("l/7") }));
        Assert.Equal("name=e lease=1", AuditTarget.Of(new CampaignRequest { Name = Bytes("e"), Lease = 1, Value = Bytes("secret") }));
        Assert.Equal("name=e key=e/1", AuditTarget.Of(new ProclaimRequest { Leader = leader, Value = Bytes("secret") }));
        Assert.Equal("name=e key=e/1", AuditTarget.Of(new ResignRequest { Leader = leader }));
        Assert.Equal("", AuditTarget.Of(new ResignRequest()));
    }

    [Fact]
    public void Names_neither_break_lines_nor_fill_them()
    {
        Assert.Equal("user=a\\x0aaudit:\\x20b", AuditTarget.Of(new AuthUserAddRequest { Name = "a\naudit: b" }));
        Assert.Equal($"role={new string('r', 256)}...", AuditTarget.Of(new AuthRoleAddRequest { Name = new string('r', 257) }));
    }

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);
}
