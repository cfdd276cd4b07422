using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Evaluation;

/// <summary>Behaviours 2-9 and 55-91, one by one.</summary>
public sealed class WriteBehaviourTests : IDisposable
{
    private readonly KeyspaceHarness _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void B002_to_B004_only_changes_advance_the_revision()
    {
        Assert.Equal(2, _keyspace.Do<PutResult>(Put("a")).Revision);
        Assert.Equal(2, _keyspace.Do<DeleteRangeResult>(Delete("absent")).Revision);
        Assert.Equal(2, _keyspace.Do<TxnResult>(new TxnRequest { Success = [Get("a"), Delete("absent")] }).Revision);
        Assert.Equal(3, _keyspace.Do<DeleteRangeResult>(Delete("a")).Revision);
        Assert.Equal(3, _keyspace.State.Revision);
    }

    [Fact]
    public void B005_to_B009_lives_of_a_key()
    {
        _keyspace.Do(Put("a", "x"));
        _keyspace.Do(Put("a", "x"));
        Assert.Equal("a=x(c2 m3 v2 l0)", Describe.Kv(_keyspace.Range(Get("a")).Kvs[0]));
        _keyspace.Do(Delete("a"));
        _keyspace.Do(Put("a", "y"));
        Assert.Equal("a=y(c5 m5 v1 l0)", Describe.Kv(_keyspace.Range(Get("a")).Kvs[0]));
    }

    [Fact]
    public void B006_B062_a_range_delete_is_one_revision_and_answers_what_it_removed()
    {
        _keyspace.Do(Put("b", "2"));
        _keyspace.Do(Put("a", "1"));
        _keyspace.Do(Put("c", "3"));
        Assert.Equal("delete@5 2 prev=[a=1(c3 m3 v1 l0) b=2(c2 m2 v1 l0)]", Describe.Outcome(_keyspace.Do(Delete("a", "c", prevKv: true))));
        Assert.Equal(5, _keyspace.State.Revision);
    }

    [Fact]
    public void B013_an_empty_value_is_a_value()
    {
        _keyspace.Do(Put("a", ""));
        Assert.Equal("", _keyspace.Value("a"));
    }

    [Fact]
    public void B055_put_answers_the_previous_pair()
    {
        Assert.Equal("put@2 prev=-", Describe.Outcome(_keyspace.Do(Put("a", "1", prevKv: true))));
        Assert.Equal("put@3 prev=a=1(c2 m2 v1 l0)", Describe.Outcome(_keyspace.Do(Put("a", "2", prevKv: true))));
    }

    [Fact]
    public void B056_B059_ignore_value_keeps_the_value_but_not_the_lease()
    {
        _keyspace.Append(batch => batch.GrantLease(5, 60));
        Assert.Equal(EtcdError.KeyNotFound, _keyspace.Do(new PutRequest { Key = Bytes("a"), IgnoreValue = true }).Error);
        _keyspace.Do(Put("a", "kept", lease: 5));
        _keyspace.Do(new PutRequest { Key = Bytes("a"), IgnoreValue = true });
        Assert.Equal("a=kept(c2 m3 v2 l0)", Describe.Kv(_keyspace.Range(Get("a")).Kvs[0]));
        Assert.Empty(_keyspace.State.Leases.Keys(5));
        Assert.Equal(EtcdError.ValueProvided, _keyspace.Do(new PutRequest { Key = Bytes("a"), Value = Bytes("x"), IgnoreValue = true }).Error);
    }

    [Fact]
    public void B057_ignore_lease_keeps_the_lease()
    {
        _keyspace.Append(batch => batch.GrantLease(5, 60));
        Assert.Equal(EtcdError.KeyNotFound, _keyspace.Do(new PutRequest { Key = Bytes("a"), IgnoreLease = true }).Error);
        _keyspace.Do(Put("a", "x", lease: 5));
        _keyspace.Do(new PutRequest { Key = Bytes("a"), Value = Bytes("y"), IgnoreLease = true });
        Assert.Equal("a=y(c2 m3 v2 l5)", Describe.Kv(_keyspace.Range(Get("a")).Kvs[0]));
        Assert.Equal(EtcdError.LeaseProvided, _keyspace.Do(new PutRequest { Key = Bytes("a"), Lease = 5, IgnoreLease = true }).Error);
    }

    [Fact]
    public void B058_B169_a_put_moves_its_key_to_its_lease()
    {
        _keyspace.Append(batch => batch.GrantLease(5, 60));
        _keyspace.Append(batch => batch.GrantLease(6, 60));
        _keyspace.Do(Put("a", lease: 5));
        _keyspace.Do(Put("a", lease: 6));
        Assert.Empty(_keyspace.State.Leases.Keys(5));
        Assert.Single(_keyspace.State.Leases.Keys(6));
        _keyspace.Do(Put("a"));
        Assert.Empty(_keyspace.State.Leases.Keys(6));
    }

    [Fact]
    public void B060_a_put_with_an_unknown_lease_changes_nothing()
    {
        Assert.Equal(EtcdError.LeaseNotFound, _keyspace.Do(Put("a", lease: 1)).Error);
        Assert.Equal(1, _keyspace.State.Revision);
        Assert.Equal("-", _keyspace.Value("a"));
    }

    [Fact]
    public void B063_a_deleted_key_leaves_its_lease()
    {
        _keyspace.Append(batch => batch.GrantLease(5, 60));
        _keyspace.Do(Put("a", lease: 5));
        _keyspace.Do(Delete("a"));
        Assert.Empty(_keyspace.State.Leases.Keys(5));
        Assert.True(_keyspace.State.Leases.Contains(5));
    }

    [Fact]
    public void B067_compares_choose_the_branch()
    {
        _keyspace.Do(Put("a", "x"));
        var txn = new TxnRequest
        {
            Compares = [Value("a", CompareResult.Equal, "x"), Number("b", CompareTarget.Version, CompareResult.Equal, 0)],
            Success = [Put("b", "yes")],
            Failure = [Put("b", "no")],
        };
        Assert.Equal("txn@3 True {put@3 prev=-}", Describe.Outcome(_keyspace.Do(txn)));
        Assert.Equal("txn@4 False {put@4 prev=-}", Describe.Outcome(_keyspace.Do(txn)));
        Assert.True(_keyspace.Do<TxnResult>(new TxnRequest()).Succeeded);
    }

    [Fact]
    public void B068_to_B073_responses_and_their_revisions()
    {
        _keyspace.Do(Put("a", "x"));
        var txn = new TxnRequest
        {
            Success =
            [
                Get("a"),
                Put("b", "y"),
                Get("a", "z"),
                new TxnRequest { Success = [Delete("a"), Delete("a"), Get("a", "z")] },
            ],
        };
        Assert.Equal(
            "txn@3 True {range@2 count=1 more=False [a=x(c2 m2 v1 l0)]; put@3 prev=-; "
            + "range@3 count=2 more=False [a=x(c2 m2 v1 l0) b=y(c3 m3 v1 l0)]; "
            + "txn@0 True {delete@3 1 prev=[]; delete@3 0 prev=[]; range@3 count=1 more=False [b=y(c3 m3 v1 l0)]}}",
            Describe.Outcome(_keyspace.Do(txn)));
        Assert.Equal(3, _keyspace.State.Revision);
    }

    [Fact]
    public void B075_nested_compares_see_the_state_before_the_transaction()
    {
        var txn = new TxnRequest
        {
            Success =
            [
                Put("a", "new"),
                new TxnRequest
                {
                    Compares = [Number("a", CompareTarget.Version, CompareResult.Greater, 0)],
                    Success = [Put("seen", "1")],
                    Failure = [Put("unseen", "1")],
                },
            ],
        };
        _keyspace.Do(txn);
        Assert.Equal(("-", "1"), (_keyspace.Value("seen"), _keyspace.Value("unseen")));
    }

    [Fact]
    public void B076_to_B078_what_fails_in_the_branch_that_runs_fails_the_whole_transaction()
    {
        _keyspace.Do(Put("a"));
        _keyspace.Do(Put("a"));
        _keyspace.Compact(3);
        Assert.Equal(EtcdError.FutureRevision, Txn(Put("b"), Get("a", revision: 4)));
        Assert.Equal(EtcdError.Compacted, Txn(Put("b"), Get("a", revision: 2)));
        Assert.Equal(EtcdError.Compacted, Txn(Put("b"), Get("a", revision: -1)));
        Assert.Equal(EtcdError.LeaseNotFound, Txn(Put("b"), Put("c", lease: 99)));
        Assert.Equal(EtcdError.KeyNotFound, Txn(Put("b"), new PutRequest { Key = Bytes("c"), IgnoreValue = true }));
        Assert.Equal(EtcdError.KeyNotFound, Txn(Put("c"), new TxnRequest { Success = [new PutRequest { Key = Bytes("c"), IgnoreLease = true }] }));
        Assert.Equal((3, "-"), (_keyspace.State.Revision, _keyspace.Value("b")));
        Assert.Equal(EtcdError.None, _keyspace.Do(new TxnRequest { Success = [Put("b")], Failure = [Put("c", lease: 99)] }).Error);
    }

    [Fact]
    public void B087_a_put_and_an_open_ended_delete_of_it_are_two_events_of_one_revision()
    {
        _keyspace.Do(Put("k", "old"));
        _keyspace.Do(new TxnRequest { Success = [Put("k", "new"), Delete("a", "\0")] });
        _keyspace.Do(new TxnRequest { Success = [Delete("a", "\0"), Put("k", "again")] });
        string expected =
            "2: P k=old(c2 m2 v1 l0) prev=-\n"
            + "3: P k=new(c2 m3 v2 l0) prev=k=old(c2 m2 v1 l0), D k=(c0 m3 v0 l0) prev=k=old(c2 m2 v1 l0)\n"
            + "4: P k=again(c4 m4 v1 l0) prev=-";
        Assert.Equal(expected, Describe.Events(_keyspace.Sink.Published));
        Assert.Equal(expected, Describe.Events(_keyspace.History(2)));
        _keyspace.Do(new TxnRequest { Success = [Delete("a", "\0"), Put("k", "last")] });
        Assert.Equal(
            "5: D k=(c0 m5 v0 l0) prev=k=again(c4 m4 v1 l0), P k=last(c5 m5 v1 l0) prev=-", Describe.Events(_keyspace.History(5)));
    }

    [Theory]
    [InlineData(CompareTarget.Version, 2)]
    [InlineData(CompareTarget.Create, 2)]
    [InlineData(CompareTarget.Mod, 3)]
    [InlineData(CompareTarget.Lease, 5)]
    public void B088_numbers_compare_as_numbers(CompareTarget target, long actual)
    {
        _keyspace.Append(batch => batch.GrantLease(5, 60));
        _keyspace.Do(Put("a"));
        _keyspace.Do(Put("a", lease: 5));
        Assert.True(Holds(Number("a", target, CompareResult.Equal, actual)));
        Assert.False(Holds(Number("a", target, CompareResult.NotEqual, actual)));
        Assert.True(Holds(Number("a", target, CompareResult.Greater, actual - 1)));
        Assert.False(Holds(Number("a", target, CompareResult.Greater, actual)));
        Assert.True(Holds(Number("a", target, CompareResult.Less, actual + 1)));
        Assert.False(Holds(Number("a", target, CompareResult.Less, actual)));
    }

    [Fact]
    public void B089_an_absent_key_has_zero_numbers_and_no_value()
    {
        Assert.True(Holds(Number("x", CompareTarget.Mod, CompareResult.Equal, 0)));
        Assert.True(Holds(Number("x", CompareTarget.Lease, CompareResult.Less, 1)));
        Assert.False(Holds(Value("x", CompareResult.Equal, "")));
        Assert.False(Holds(Value("x", CompareResult.NotEqual, "v")));
    }

    [Fact]
    public void B091_a_compare_over_a_range_must_hold_for_every_key()
    {
        _keyspace.Do(Put("a1"));
        _keyspace.Do(Put("a2"));
        _keyspace.Do(Put("a2"));
        Assert.True(Holds(new Compare { Key = Bytes("a"), RangeEnd = Bytes("b"), Target = CompareTarget.Version, Result = CompareResult.Greater }));
        Assert.False(Holds(new Compare { Key = Bytes("a"), RangeEnd = Bytes("b"), Target = CompareTarget.Version, Number = 1 }));
        Assert.True(Holds(new Compare { Key = Bytes("x"), RangeEnd = Bytes("y"), Target = CompareTarget.Version, Number = 0 }));
        Assert.False(Holds(new Compare { Key = Bytes("x"), RangeEnd = Bytes("y"), Target = CompareTarget.Value, Result = CompareResult.NotEqual }));
    }

    [Fact]
    public void B092_a_reading_transaction_is_answered_from_the_applied_state()
    {
        _keyspace.Do(Put("a", "x"));
        var txn = new TxnRequest
        {
            Compares = [Value("a", CompareResult.Equal, "x")],
            Success = [Get("a"), Get("b")],
        };
        Assert.Equal(
            "txn@2 True {range@2 count=1 more=False [a=x(c2 m2 v1 l0)]; range@2 count=0 more=False []}",
            Describe.Outcome(_keyspace.State.ReadTxn(txn)));
        Assert.Equal(EtcdError.FutureRevision, _keyspace.State.ReadTxn(new TxnRequest { Success = [Get("a", revision: 3)] }).Error);
        Assert.Equal(EtcdError.Compacted, _keyspace.State.ReadTxn(new TxnRequest { Success = [Get("a", revision: -2)] }).Error);
        Assert.Equal(EtcdError.None, _keyspace.State.ReadTxn(new TxnRequest { Success = [Get("a", revision: -1)] }).Error);
    }

    private EtcdError Txn(params KvOperation[] operations) => _keyspace.Do(new TxnRequest { Success = operations }).Error;

    private bool Holds(Compare compare) => _keyspace.Do<TxnResult>(new TxnRequest { Compares = [compare] }).Succeeded;

    private static Compare Number(string key, CompareTarget target, CompareResult result, long number) =>
        new() { Key = Bytes(key), Target = target, Result = result, Number = number };

    private static Compare Value(string key, CompareResult result, string value) =>
        new() { Key = Bytes(key), Target = CompareTarget.Value, Result = result, Value = Bytes(value) };
}
