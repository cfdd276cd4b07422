using System.Text;
using Krewe.Api.Mapping;
using Krewe.Api.Validation;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Tests.Validation;

public sealed class TxnChecksTests
{
    private static readonly TxnRequest Empty = new();

    public static TheoryData<string, string, string> Overlaps => new()
    {
        { "two puts of one key (82)", "put a, put a", "DuplicateKey" },
        { "two puts of two keys", "put a, put b", "None" },
        { "a put and a delete of its key (83)", "put a, del a", "DuplicateKey" },
        { "the order does not matter (83)", "del a, put a", "DuplicateKey" },
        { "a put inside a deleted interval (83)", "put b, del a c", "DuplicateKey" },
        { "a put at the interval's end", "put c, del a c", "None" },
        { "a delete in a nested transaction (83)", "put a, txn(del a | )", "DuplicateKey" },
        { "a put in a nested transaction (84)", "put a, txn(put a | )", "DuplicateKey" },
        { "sibling transactions put one key (84)", "txn(put a | ), txn( | put a)", "DuplicateKey" },
        { "a later sibling's put meets an earlier one's delete", "txn(del a | ), txn(put a | )", "DuplicateKey" },
        { "an earlier sibling's put escapes a later one's delete", "txn(put a | ), txn(del a | )", "None" },
        { "both branches of one transaction (85)", "txn(put a | put a)", "None" },
        { "both branches, and again outside", "txn(put a | put a), put a", "DuplicateKey" },
        { "overlapping deletes (86)", "del a c, del b d, del b", "None" },
        { "joined intervals cover the gap's edge", "del a c, del c e, put d", "DuplicateKey" },
        { "an open-ended delete escapes (87)", "put b, del a \0", "None" },
        { "ranges overlap anything (86)", "range a, put a, range a", "None" },
        { "the failure branch is checked too", " | put a, put a", "DuplicateKey" },
        { "branches are exclusive at the top as well", "put a | put a", "None" },
        { "deep nesting", "put a, txn(txn(txn( | del a) | ) | )", "DuplicateKey" },
    };

    [Theory]
    [MemberData(nameof(Overlaps))]
    public void Overlaps_are_refused_as_etcd_refuses_them(string name, string branches, string expected) =>
        Assert.True(Enum.Parse<EtcdError>(expected) == TxnChecks.Check(TxnText.Parse(branches), 128), name);

    [Theory]
    [InlineData(128, 0, 0, false)]
    [InlineData(129, 0, 0, true)]
    [InlineData(0, 129, 0, true)]
    [InlineData(0, 0, 129, true)]
    [InlineData(128, 128, 128, false)]
    public void Each_list_has_the_limit_behaviour_80(int compares, int success, int failure, bool refused)
    {
        var txn = new TxnRequest
        {
            Compares = [.. Enumerable.Repeat(new Compare { Key = Bytes("a") }, compares)],
            Success = [.. Enumerable.Repeat(Range("a"), success)],
            Failure = [.. Enumerable.Repeat(Range("a"), failure)],
        };

        Assert.Equal(refused ? EtcdError.TooManyOps : EtcdError.None, TxnChecks.Check(txn, 128));
    }

    [Theory]
    [InlineData(64, 64, nameof(EtcdError.None))]
    [InlineData(64, 65, nameof(EtcdError.TooManyOps))]
    [InlineData(127, 1, nameof(EtcdError.None))]
    [InlineData(128, 1, nameof(EtcdError.TooManyOps))]
    public void A_nested_transaction_has_what_its_parent_left_behaviour_80(int outer, int inner, string expected)
    {
        var nested = new TxnRequest { Success = [.. Enumerable.Repeat(Range("a"), inner)] };
        var txn = new TxnRequest { Success = [.. Enumerable.Repeat(Range("a"), outer - 1), nested] };

        Assert.Equal(expected, TxnChecks.Check(txn, 128).ToString());
    }

    [Fact]
    public void The_count_comes_before_keys_and_keys_before_operations()
    {
        var emptyCompare = new Compare();
        var bad = new PutRequest();

        Assert.Equal(
            EtcdError.TooManyOps,
            TxnChecks.Check(new TxnRequest { Compares = [.. Enumerable.Repeat(emptyCompare, 129)], Success = [bad] }, 128));
        Assert.Equal(EtcdError.EmptyKey, TxnChecks.Check(new TxnRequest { Compares = [emptyCompare], Success = [MissingOperation.Instance] }, 128));
        Assert.Equal(EtcdError.KeyNotFound, TxnChecks.Check(new TxnRequest { Success = [MissingOperation.Instance, bad] }, 128));
    }

    [Fact]
    public void Every_level_is_checked_behaviours_79_81()
    {
        var badSort = new RangeRequest { Key = Bytes("a"), SortTarget = (SortTarget)9 };
        var withValue = new PutRequest { Key = Bytes("a"), IgnoreValue = true, Value = Bytes("v") };
        var withLease = new PutRequest { Key = Bytes("a"), IgnoreLease = true, Lease = 1 };

        Assert.Equal(EtcdError.InvalidSortOption, TxnChecks.Check(Nest(badSort), 128));
        Assert.Equal(EtcdError.ValueProvided, TxnChecks.Check(Nest(withValue), 128));
        Assert.Equal(EtcdError.LeaseProvided, TxnChecks.Check(Nest(withLease), 128));
        Assert.Equal(EtcdError.EmptyKey, TxnChecks.Check(Nest(new DeleteRangeRequest()), 128));
        Assert.Equal(EtcdError.KeyNotFound, TxnChecks.Check(Nest(MissingOperation.Instance), 128));
        Assert.Equal(EtcdError.None, TxnChecks.Check(Nest(Empty), 128));
    }

    [Fact]
    public void Hostile_trees_are_cut_off()
    {
        // 64 siblings of 64 siblings of ... : within the nesting budget, but far too much work.
        var leaf = new TxnRequest { Success = [.. Enumerable.Repeat(Range("a"), 30)] };
        var middle = new TxnRequest { Success = [.. Enumerable.Repeat(leaf, 40)] };
        var upper = new TxnRequest { Success = [.. Enumerable.Repeat(middle, 40)] };
        var top = new TxnRequest { Success = [.. Enumerable.Repeat(upper, 10)] };

        Assert.Equal(EtcdError.TooManyOps, TxnChecks.Check(top, 128));
    }

    [Fact]
    public void A_nested_transaction_makes_it_a_write_behaviour_92()
    {
        Assert.True(TxnShape.IsReadOnly(new TxnRequest { Success = [Range("a")], Failure = [Range("b")] }));
        Assert.False(TxnShape.IsReadOnly(new TxnRequest { Success = [new TxnRequest { Success = [Range("a")] }] }));
        Assert.True(TxnShape.IsReadOnly(Empty));
        Assert.True(TxnShape.IsSerializable(Empty));
        Assert.False(TxnShape.IsSerializable(new TxnRequest { Success = [Range("a")] }));
    }

    private static TxnRequest Nest(KvOperation operation) =>
        new() { Success = [Range("x")], Failure = [new TxnRequest { Failure = [operation] }] };

    private static RangeRequest Range(string key) => new() { Key = Bytes(key) };

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
