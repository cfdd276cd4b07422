using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Evaluation;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Evaluation;

/// <summary>The tail of the log: pipelining, giving up batches, fences, refused entries (design, sections 4 and 5).</summary>
public sealed class TailTests : IDisposable
{
    private static readonly PrefixOwner Owner = new(default, new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 1);

    private readonly KeyspaceHarness _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void Transactions_on_one_key_do_not_wait_for_each_others_commit()
    {
        for (int i = 0; i < 10; i++)
        {
            var increment = new TxnRequest
            {
                Compares = [new Compare { Key = Bytes("counter"), Target = CompareTarget.Version, Number = i }],
                Success = [Put("counter", $"{i + 1}")],
            };
            Assert.True(((TxnResult)_keyspace.Append(batch => batch.Evaluate(increment)).Result!).Succeeded);
        }

        Assert.Equal((1, 11), (_keyspace.State.Revision, _keyspace.Tail.Revision));
        _keyspace.ApplyAll();
        Assert.Equal(("10", 11), (_keyspace.Value("counter"), _keyspace.State.Revision));
    }

    [Fact]
    public void A_hot_key_does_not_collect_its_applied_versions()
    {
        for (int i = 0; i < 500; i++)
        {
            _keyspace.Append(batch => batch.Evaluate(Put("hot", $"{i}")));
            _keyspace.Append(batch => batch.Evaluate(Put("hot", $"{i}!")));
            _keyspace.Apply(1);
            if (_keyspace.Log.Count - (int)_keyspace.State.AppliedIndex > 10)
            {
                _keyspace.Apply(8);
            }
        }

        Assert.True(_keyspace.Tail.Overlay.TryGet(Bytes("hot").Span, out PendingKey pending));
        Assert.InRange(pending.Count, 1, 13);
    }

    [Fact]
    public void Applied_keys_leave_the_overlay()
    {
        _keyspace.Append(batch => batch.Evaluate(Put("a")));
        _keyspace.Append(batch => batch.Evaluate(Put("b")));
        Assert.Equal(2, _keyspace.Tail.PendingKeys);
        _keyspace.Apply(1);
        _keyspace.Append(batch => batch.Evaluate(Put("b")));
        Assert.Equal(1, _keyspace.Tail.PendingKeys);
        _keyspace.ApplyAll();
        _keyspace.Append(batch => batch.Evaluate(Delete("absent")));
        Assert.Equal(0, _keyspace.Tail.PendingKeys);
    }

    [Fact]
    public void A_range_at_a_revision_that_is_appended_but_not_applied_is_answered()
    {
        _keyspace.Append(batch => batch.Evaluate(Put("a", "1")));
        _keyspace.Append(batch => batch.Evaluate(Put("a", "2")));
        _keyspace.Append(batch => batch.Evaluate(Put("b", "3")));
        var txn = new TxnRequest { Success = [Put("c"), Get("a", "z", 2), Get("a", "z", 3), Get("a", "z", 4), Get("a", "z")] };
        var result = (TxnResult)_keyspace.Append(batch => batch.Evaluate(txn)).Result!;
        Assert.Equal(
            ["a=1", "a=2", "a=2,b=3", "a=2,b=3,c=v"],
            result.Responses.Skip(1).Select(range => string.Join(',', ((RangeResult)range).Kvs.Select(kv => $"{Text(kv.Key)}={Text(kv.Value)}"))));
    }

    [Fact]
    public void A_batch_that_is_rolled_back_leaves_nothing()
    {
        _keyspace.Append(batch => batch.Evaluate(Put("a", "1")));
        lock (_keyspace.Tail.Gate)
        {
            Assert.Equal(TailStatus.Ready, _keyspace.Tail.TryBegin([], out TailBatch batch));
            batch.Evaluate(Put("a", "2"));
            batch.Evaluate(Delete("a"));
            batch.Evaluate(Put("b"));
            batch.GrantLease(1, 10);
            batch.Compact(3);
            batch.ActivateAlarm(new Alarm(1, AlarmType.NoSpace));
            batch.Seal();
            batch.Rollback();
        }

        Assert.Equal((2, 1), (_keyspace.Tail.Revision, _keyspace.Tail.PendingKeys));
        Assert.Equal("put@3 prev=a=1(c2 m2 v1 l0)", Describe.Outcome(_keyspace.Append(batch => batch.Evaluate(Put("a", "3", prevKv: true)))));
        Assert.Equal(EtcdError.LeaseNotFound, _keyspace.Append(batch => batch.RevokeLease(1, out _)));
        Assert.Equal(EtcdError.None, _keyspace.Append(batch => batch.Compact(1)).Error);
        Assert.All(_keyspace.ApplyAll(), result => Assert.Equal(ApplyStatus.Applied, result.Status));
    }

    [Fact]
    public void What_requests_hold_may_be_reused_after_the_batch_is_sealed()
    {
        byte[] key = [1];
        byte[] value = [2];
        _keyspace.Append(batch => batch.Evaluate(new PutRequest { Key = key, Value = value }));
        key[0] = 99;
        value[0] = 99;
        var result = (PutResult)_keyspace.Append(batch => batch.Evaluate(new PutRequest { Key = new byte[] { 1 }, PrevKv = true })).Result!;
        Assert.Equal((1, 2), (result.PrevKv!.Value.Key.Span[0], result.PrevKv.Value.Value.Span[0]));
    }

    [Fact]
    public void A_second_batch_cannot_begin_before_the_first_ends()
    {
        lock (_keyspace.Tail.Gate)
        {
            _keyspace.Tail.TryBegin([], out TailBatch batch);
            Assert.Throws<InvalidOperationException>(() => _keyspace.Tail.TryBegin([], out _));
            batch.Rollback();
            Assert.Throws<InvalidOperationException>(batch.Rollback);
        }
    }

    [Fact]
    public void Only_the_owner_of_a_prefix_writes_it()
    {
        Assert.Equal(TailStatus.NotOwner, _keyspace.Tail.TryBegin([Owner], out _));
        _keyspace.TailOwners.Set(Owner);
        _keyspace.Append(batch => batch.Evaluate(Put("a")), Owner);
        Assert.Equal(TailStatus.NotOwner, _keyspace.Tail.TryBegin([Owner with { ActivationId = Guid.Empty }], out _));
        Assert.Equal(TailStatus.NotOwner, _keyspace.Tail.TryBegin([Owner with { Term = 2 }], out _));
        Assert.Equal(TailStatus.NotOwner, _keyspace.Tail.TryBegin([Owner, Owner with { Prefix = Bytes("/b") }], out _));
        _keyspace.TailOwners.Remove(default);
        Assert.Equal(TailStatus.NotOwner, _keyspace.Tail.TryBegin([Owner], out _));
        _keyspace.TailOwners.Set(Owner);
        _keyspace.Tail.Reset(2);
        Assert.Equal(TailStatus.NotOwner, _keyspace.Tail.TryBegin([Owner], out _));
    }

    [Fact]
    public void An_entry_of_a_writer_that_lost_its_prefix_changes_nothing_and_the_tail_starts_over()
    {
        var owners = new FixedOwners { Current = Owner.ActivationId };
        using var keyspace = new KeyspaceHarness(owners: owners);
        keyspace.TailOwners.Set(Owner);
        keyspace.Append(batch => batch.Evaluate(Put("a", "1")), Owner);
        keyspace.Append(batch => batch.Evaluate(Put("a", "2")), Owner);
        keyspace.Append(batch => batch.GrantLease(7, 10));
        keyspace.Apply(1);
        owners.Current = Guid.Empty;
        Assert.Equal(ApplyStatus.RefusedOwner, Assert.Single(keyspace.Apply(1)).Status);

        // The grant behind it was evaluated against a state that never came to be.
        Assert.Equal(TailStatus.Resynchronising, keyspace.Tail.TryBegin([], out _));
        Assert.Equal(ApplyStatus.RefusedRevision, Assert.Single(keyspace.Apply(1)).Status);
        Assert.Equal((2, "1"), (keyspace.State.Revision, keyspace.Value("a")));
        Assert.Equal("put@3 prev=a=1(c2 m2 v1 l0)", Describe.Outcome(keyspace.Do(Put("a", "3", prevKv: true))));
        Assert.False(keyspace.State.Leases.Contains(7));
        Assert.Equal((1, 2), (keyspace.Tail.Resynchronisations, keyspace.State.Counters.RefusedEntries));
        Assert.Equal("2: P a=1(c2 m2 v1 l0) prev=-\n3: P a=3(c2 m3 v2 l0) prev=a=1(c2 m2 v1 l0)", Describe.Events(keyspace.Sink.Published));
    }

    [Fact]
    public void A_new_term_starts_from_the_applied_state()
    {
        _keyspace.Do(Put("a", "1"));
        _keyspace.Append(batch => batch.Evaluate(Put("a", "lost")));
        _keyspace.Append(batch => batch.GrantLease(7, 10));
        _keyspace.LoseTail();
        Assert.Equal("put@3 prev=a=1(c2 m2 v1 l0)", Describe.Outcome(_keyspace.Do(Put("a", "2", prevKv: true))));
        Assert.Equal(EtcdError.None, _keyspace.Append(batch => batch.GrantLease(7, 10)));
    }

    [Fact]
    public void B098_B099_which_revisions_can_be_compacted()
    {
        _keyspace.Do(Put("a"));
        Assert.Equal(EtcdError.Compacted, _keyspace.Append(batch => batch.Compact(-1)).Error);
        Assert.Equal("compact@2", Describe.Outcome(_keyspace.Append(batch => batch.Compact(0))));
        Assert.Equal(EtcdError.Compacted, _keyspace.Append(batch => batch.Compact(0)).Error);
        Assert.Equal(EtcdError.FutureRevision, _keyspace.Append(batch => batch.Compact(3)).Error);
        Assert.Equal("compact@2", Describe.Outcome(_keyspace.Append(batch => batch.Compact(2))));
        _keyspace.ApplyAll();
        Assert.Equal((2, 2), (_keyspace.State.CompactRevision, _keyspace.State.Revision));
    }

    [Fact]
    public void B269_a_space_alarm_refuses_what_could_put()
    {
        _keyspace.Do(Put("a"));
        var alarm = new Alarm(9, AlarmType.NoSpace);
        _keyspace.Append(batch => batch.GrantLease(1, 10));
        Assert.Equal([alarm], _keyspace.Append(batch => batch.ActivateAlarm(alarm)));
        Assert.Equal(EtcdError.NoSpace, _keyspace.Do(Put("a")).Error);
        Assert.Equal(EtcdError.NoSpace, _keyspace.Do(new TxnRequest { Failure = [Put("a")] }).Error);
        Assert.Equal(EtcdError.NoSpace, _keyspace.Append(batch => batch.GrantLease(2, 10)));
        Assert.Equal(EtcdError.None, _keyspace.Do(new TxnRequest { Success = [Delete("b")] }).Error);
        Assert.Equal(EtcdError.None, _keyspace.Do(Delete("a")).Error);
        Assert.Equal(EtcdError.None, _keyspace.Append(batch => batch.RevokeLease(1, out _)));
        Assert.Equal(EtcdError.None, _keyspace.Append(batch => batch.Compact(2)).Error);
        Assert.Equal([alarm], _keyspace.Append(batch => batch.DeactivateAlarm(alarm)));
        Assert.Equal(EtcdError.None, _keyspace.Do(Put("a")).Error);
    }

    [Fact]
    public void B272_a_corruption_alarm_refuses_all_writes()
    {
        _keyspace.Append(batch => batch.ActivateAlarm(new Alarm(9, AlarmType.Corrupt)));
        Assert.Equal(EtcdError.Corrupt, _keyspace.Do(Put("a")).Error);
        Assert.Equal(EtcdError.Corrupt, _keyspace.Do(Delete("a")).Error);
        Assert.Equal(EtcdError.Corrupt, _keyspace.Do(new TxnRequest { Success = [Delete("a")] }).Error);
        Assert.Equal(EtcdError.Corrupt, _keyspace.Append(batch => batch.GrantLease(2, 10)));
        Assert.Equal(EtcdError.Corrupt, _keyspace.Append(batch => batch.RevokeLease(2, out _)));
        Assert.Equal(EtcdError.Corrupt, _keyspace.Append(batch => batch.Compact(0)).Error);
    }

    private sealed class FixedOwners : IOwnershipView
    {
        public Guid Current { get; set; }

        public bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId, ulong term) => activationId == Current;
    }
}
