using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Leases;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Leases;

/// <summary>Behaviours 157-185, as far as they are the replicated state's.</summary>
public sealed class LeaseBehaviourTests : IDisposable
{
    private readonly KeyspaceHarness _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void B159_an_id_in_use_is_refused_also_before_its_grant_is_applied()
    {
        Assert.Equal(EtcdError.None, Grant(1));
        Assert.Equal(EtcdError.LeaseExists, Grant(1));
        _keyspace.ApplyAll();
        Assert.Equal(EtcdError.LeaseExists, Grant(1));
        Assert.Equal(EtcdError.None, Grant(-5));
    }

    [Fact]
    public void B165_revoking_deletes_all_keys_in_one_revision_in_key_order()
    {
        Grant(1);
        _keyspace.Do(Put("c", lease: 1));
        _keyspace.Do(Put("a", lease: 1));
        _keyspace.Do(Put("other"));
        _keyspace.Do(Put("moved", lease: 1));
        _keyspace.Do(Put("moved"));

        // Attached, detached and deleted at the tail, and not applied when the lease is revoked.
        Append(Put("b", lease: 1));
        Append(Put("c", "again", lease: 1));
        Append(Delete("a"));
        Append(Put("d", lease: 1));
        Append(Put("d"));
        int before = _keyspace.Sink.Published.Count;
        Assert.Equal(EtcdError.None, Revoke(1, out long revision));
        Assert.Equal(EtcdError.LeaseNotFound, Revoke(1, out _));
        _keyspace.ApplyAll();
        Assert.Equal(revision, _keyspace.State.Revision);
        Assert.Equal(
            $"{revision}: D b=(c0 m{revision} v0 l0) prev=b=v(c7 m7 v1 l1), D c=(c0 m{revision} v0 l0) prev=c=again(c2 m8 v2 l1)",
            Describe.Events(_keyspace.Sink.Published.Skip(before).Where(events => events.Revision == revision)));
        Assert.Equal("d,moved,other", _keyspace.Keys(Get("a", "z")));
        Assert.False(_keyspace.State.Leases.Contains(1));
    }

    [Fact]
    public void B166_B167_revoking_a_lease_without_keys_costs_no_revision()
    {
        Grant(1);
        Assert.Equal(EtcdError.None, Revoke(1, out long revision));
        Assert.Equal(1, revision);
        _keyspace.ApplyAll();
        Assert.Equal(1, _keyspace.State.Revision);
        Assert.Equal(EtcdError.LeaseNotFound, Revoke(1, out _));
        Assert.Equal(EtcdError.LeaseNotFound, _keyspace.Do(Put("a", lease: 1)).Error);
    }

    [Fact]
    public void B179_B185_leases_attachments_and_checkpoints_survive_a_restart()
    {
        Grant(1);
        Grant(2);
        _keyspace.Do(Put("b", lease: 1));
        _keyspace.Do(Put("a", lease: 1));
        _keyspace.Append<object?>(batch =>
        {
            batch.CheckpointLeases([new LeaseCheckpoint(1, 33), new LeaseCheckpoint(99, 1)]);
            return null;
        });
        _keyspace.ApplyAll();
        _keyspace.Start();
        Assert.Equal([new LeaseInfo(1, 60, 33), new LeaseInfo(2, 60, 0)], _keyspace.State.Leases.Snapshot().OrderBy(lease => lease.Id));
        Assert.Equal(["a", "b"], _keyspace.State.Leases.Keys(1).Select(key => Text(key)));
    }

    [Fact]
    public void A_lease_that_is_revoked_and_granted_again_in_one_batch_of_the_store_is_the_new_one()
    {
        Grant(1);
        _keyspace.Append(batch => batch.RevokeLease(1, out _));
        _keyspace.Append(batch => batch.GrantLease(1, 5));
        _keyspace.Append<object?>(batch =>
        {
            batch.CheckpointLeases([new LeaseCheckpoint(1, 3)]);
            return null;
        });
        _keyspace.ApplyAll();
        Assert.Equal([new LeaseInfo(1, 5, 3)], _keyspace.State.Leases.Snapshot());
        _keyspace.Start();
        Assert.Equal([new LeaseInfo(1, 5, 3)], _keyspace.State.Leases.Snapshot());
    }

    private EtcdError Grant(long id) => _keyspace.Append(batch => batch.GrantLease(id, 60));

    private EtcdError Revoke(long id, out long revision)
    {
        long after = 0;
        EtcdError error = _keyspace.Append(batch => batch.RevokeLease(id, out after));
        revision = after;
        return error;
    }

    private void Append(KvOperation operation) => _keyspace.Append(batch => batch.Evaluate(operation));
}
