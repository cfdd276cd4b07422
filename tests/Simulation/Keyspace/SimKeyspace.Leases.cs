using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Leases;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Keyspace;

/// <content>The lease grain and the expirer.</content>
internal sealed partial class SimKeyspace
{
    /// <summary>As ticks are: ten of 100 ms.</summary>
    private const int ElectionTimeoutMilliseconds = 1000;

    private const int ExpiryPassTicks = LeaseLimits.ExpiryPassMilliseconds / SimClock.TickMilliseconds;
    private const int MaxExpiriesPerPass = 4;

    private bool TryKeepAlive(in QueuedWrite write)
    {
        KeyspaceOperation operation = write.Operation;
        LeaseRenewal renewal = _clocks.Renew(operation.LeaseId, out long ttlSeconds);
        if (Has(SeededBug.AnswerWithoutRenewing) && renewal == LeaseRenewal.Renewed && State.Leases.TryGet(operation.LeaseId, out LeaseInfo lease))
        {
            _clocks.Remove(operation.LeaseId);
            _clocks.Add(operation.LeaseId, lease.TtlSeconds - 1);
        }

        if (renewal is LeaseRenewal.NotLeading or LeaseRenewal.Expiring)
        {
            return false;
        }

        ulong term = _log.Term;
        long renewedAt = _node.Host.Now;
        operation.Confirm = () => Confirm(operation, renewal, ttlSeconds, renewedAt, term);
        if (Has(SeededBug.RenewWithoutConfirming))
        {
            _node.Host.Complete(write.Client, write.Number, operation, operation.Confirm());
            return true;
        }

        return renewal == LeaseRenewal.RenewedOverCheckpoint && !Has(SeededBug.CheckpointsOutliveRenewals)
            ? TryForgetCheckpoint(write, term)
            : _node.TryRead(write.Client, write.Number, operation);
    }

    /// <summary>What the renewer answers behind the barrier.</summary>
    private KvOutcome Confirm(KeyspaceOperation operation, LeaseRenewal renewal, long ttlSeconds, long renewedAt, ulong term)
    {
        if (_log.Term != term || !_log.IsReadyLeader)
        {
            return new KvOutcome(null, EtcdError.NotPrimaryLessor);
        }

        if (renewal is not (LeaseRenewal.Renewed or LeaseRenewal.RenewedOverCheckpoint))
        {
            return new KvOutcome(null, EtcdError.LeaseNotFound);
        }

        _history.Counts.Renewals++;
        _history.AddLeaseSign(new LeaseSign(operation.LeaseId, ttlSeconds, renewedAt, _node.TickPeriod, null));
        return new KvOutcome(null, EtcdError.None);
    }

    private void ExpireLeases()
    {
        if (_ticks % ExpiryPassTicks != 0)
        {
            return;
        }

        foreach (long id in _clocks.TakeExpired(MaxExpiriesPerPass))
        {
            var revoke = new KeyspaceOperation { Kind = KeyspaceOperationKind.Revoke, Number = -1, LeaseId = id, IsExpiry = true };
            _history.Counts.Expiries++;
            _history.AddLeaseSign(new LeaseSign(id, 0, _node.Host.Now, _node.TickPeriod, revoke));
            if (!TryAppend([new QueuedWrite(-1, 0, revoke)], [], _log.Term, static () => { }))
            {
                _clocks.ReturnExpired(id);
            }
        }
    }

    /// <summary>What the lease grain and the expirer do once the outcome is known, or that it isn't.</summary>
    private void FollowLease(KeyspaceOperation operation, in KvOutcome outcome, bool hasOutcome)
    {
        bool isDone = hasOutcome && outcome.Error == EtcdError.None;
        if (operation.Kind == KeyspaceOperationKind.Grant && isDone)
        {
            _clocks.Add(operation.LeaseId, operation.TtlSeconds);
            _history.AddLeaseSign(new LeaseSign(operation.LeaseId, operation.TtlSeconds, operation.InvokedTime, _node.TickPeriod, null));
        }
        else if (operation.Kind == KeyspaceOperationKind.Revoke && (isDone || (hasOutcome && operation.IsExpiry)))
        {
            _clocks.Remove(operation.LeaseId);
        }
        else if (operation.IsExpiry && !hasOutcome)
        {
            _clocks.ReturnExpired(operation.LeaseId);
        }
    }
}
