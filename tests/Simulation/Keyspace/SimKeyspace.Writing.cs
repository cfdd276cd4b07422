using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Model;

namespace Krewe.Simulation.Keyspace;

/// <content>Models of the prefix grains: coalesce, enlist, evaluate and append in one turn, wait, resign.</content>
internal sealed partial class SimKeyspace
{
    private const int MaxBatch = 4;

    private readonly List<QueuedWrite> _queue = [];
    private readonly List<InFlightEntry> _inFlight = [];

    public bool TryWrite(int client, int number, IOperation operation)
    {
        var write = new QueuedWrite(client, number, (KeyspaceOperation)operation);
        if (!_log.IsReadyLeader)
        {
            return false;
        }

        write.Operation.Reached(_node.Host.Now);
        switch (write.Operation.Kind)
        {
            case KeyspaceOperationKind.KeepAlive:
                return TryKeepAlive(write);
            case KeyspaceOperationKind.Write:
                _queue.Add(write);
                if (Random.Chance(0.6))
                {
                    Flush();
                }

                return true;
            default:
                return TryAppend([write], [], _log.Term, static () => { });
        }
    }

    public void Applied()
    {
        // What is done may append again.
        foreach (InFlightEntry entry in _inFlight.FindAll(e => e.Applied.IsCompleted))
        {
            _inFlight.Remove(entry);
#pragma warning disable xUnit1031 // It is completed.
            EntryOutcome outcome = entry.Applied.Result;
#pragma warning restore xUnit1031
            bool isTakenForLost = outcome.Status == EntryStatus.Undecided && Has(SeededBug.UndecidedMeansLost);
            entry.Done(isTakenForLost ? new EntryOutcome(EntryStatus.Lost) : outcome);
        }
    }

    private void FailQueue()
    {
        foreach (QueuedWrite write in _queue)
        {
            Fail(write);
        }

        _queue.Clear();
    }

    /// <summary>A planted mistake: what is in flight is taken for lost.</summary>
    private void ForgetInFlight()
    {
        foreach (InFlightEntry entry in _inFlight)
        {
            entry.Done(new EntryOutcome(EntryStatus.Lost));
        }

        _inFlight.Clear();
    }

    /// <summary>Sends what waits, as far as its grains are active.</summary>
    private void Flush()
    {
        for (int at = 0; at < _queue.Count;)
        {
            int home = WrittenPrefixes.Home(_prefixes.Map, _queue[at].Operation.Request!);
            List<QueuedWrite> batch = [];
            for (int i = at; i < _queue.Count && batch.Count < MaxBatch; i++)
            {
                if (WrittenPrefixes.Home(_prefixes.Map, _queue[i].Operation.Request!) == home)
                {
                    batch.Add(_queue[i]);
                }
            }

            if (TryEnlist(home, batch, out PrefixOwner[] owners))
            {
                _queue.RemoveAll(batch.Contains);
                Send(_activations[home], home, batch, owners);
            }
            else
            {
                at++;
            }
        }
    }

    private bool TryEnlist(int home, List<QueuedWrite> batch, out PrefixOwner[] owners)
    {
        var written = new SortedSet<int>();
        foreach (QueuedWrite write in batch)
        {
            WrittenPrefixes.Collect(_prefixes.Map, write.Operation.Request!, written);
        }

        bool isReady = IsActive(home);
        foreach (int position in written)
        {
            isReady &= IsActive(position);
        }

        owners = isReady ? [.. written.Select(position => _activations[position].Owner)] : [];
        if (isReady && Has(SeededBug.EnlistHomeOnly))
        {
            owners = [_activations[home].Owner];
        }

        return isReady;
    }

    private void Send(SimActivation self, int home, List<QueuedWrite> batch, PrefixOwner[] owners)
    {
        _history.Counts.BatchedWrites += batch.Count > 1 ? batch.Count : 0;
        _history.Counts.SpanningWrites += owners.Length > 1 ? 1 : 0;
        if (HasStaleHelper(home, owners) || !TryAppend(batch, owners, self.Owner.Term, () => Resign(home, self)))
        {
            foreach (QueuedWrite write in batch)
            {
                Fail(write);
            }
        }
    }

    /// <summary>Evaluates and appends; false if it certainly has no effect.</summary>
    private bool TryAppend(List<QueuedWrite> writes, PrefixOwner[] owners, ulong term, Action resign)
    {
        KeyspaceOperation[] operations = [.. writes.Select(w => w.Operation)];
        var outcomes = new KvOutcome[operations.Length];
        if (Has(SeededBug.EvaluateWithoutPending))
        {
            _tail.Reset(_tail.Term);
        }

        AppendedEntry entry;
        try
        {
            entry = _appender.AppendNow(term, owners, (operations, outcomes), static (batch, work) => Evaluate(batch, work.operations, work.outcomes));
        }
        catch (NotOwnerException)
        {
            _history.Counts.FencedWrites++;
            resign();
            return false;
        }
        catch (EtcdException)
        {
            return false;
        }

        _history.Appended(entry, new AppendedBatch(operations, outcomes, owners, null));
        Trace(entry, string.Join("; ", operations.Select(o => o.ToString())) + string.Concat(owners.Select(o => $" by {o.ActivationId} of {o.Term}")));
        _inFlight.Add(new InFlightEntry(entry.Applied, outcome => Finish(writes, outcomes, outcome, resign)));
        if (Has(SeededBug.AnswerWhenAppended))
        {
            Answer(writes, outcomes);
        }

        return true;
    }

    private void Finish(List<QueuedWrite> writes, KvOutcome[] outcomes, EntryOutcome outcome, Action resign)
    {
        switch (outcome.Status)
        {
            case EntryStatus.Applied:
                Answer(writes, outcomes);
                break;
            case EntryStatus.Refused:
                throw new SimulationException($"an entry that the tail let in was refused when it was applied on node {_node.Id}: {writes[0].Operation}");
            case EntryStatus.Lost:
                resign();
                foreach (QueuedWrite write in writes)
                {
                    FollowLease(write.Operation, default, hasOutcome: false);
                    Fail(write);
                }

                break;
            default:
                foreach (QueuedWrite write in writes)
                {
                    FollowLease(write.Operation, default, hasOutcome: false);
                }

                break;
        }
    }

    private void Answer(List<QueuedWrite> writes, KvOutcome[] outcomes)
    {
        for (int i = 0; i < outcomes.Length; i++)
        {
            FollowLease(writes[i].Operation, outcomes[i], hasOutcome: true);
            if (writes[i].Client >= 0)
            {
                _node.Host.Complete(writes[i].Client, writes[i].Number, writes[i].Operation, outcomes[i]);
            }
        }
    }

    private void Fail(in QueuedWrite write)
    {
        if (write.Client >= 0)
        {
            _node.Host.Fail(write.Client, write.Number, write.Operation);
        }
    }

    private void Trace(in AppendedEntry entry, string what)
        => _node.Host.Trace?.WriteLine($"{_node.Host.Now} node {_node.Id} appends {entry.Index} term {entry.Term}: {what}");

    private static void Evaluate(TailBatch batch, KeyspaceOperation[] operations, KvOutcome[] outcomes)
    {
        for (int i = 0; i < operations.Length; i++)
        {
            outcomes[i] = Evaluate(batch, operations[i]);
        }
    }

    private static KvOutcome Evaluate(TailBatch batch, KeyspaceOperation operation)
    {
        switch (operation.Kind)
        {
            case KeyspaceOperationKind.Grant:
                return new KvOutcome(null, batch.GrantLease(operation.LeaseId, operation.TtlSeconds));
            case KeyspaceOperationKind.Revoke:
                EtcdError error = batch.RevokeLease(operation.LeaseId, out long revision);
                return error == EtcdError.None ? new KvOutcome(new CompactResult { Revision = revision }, error) : new KvOutcome(null, error);
            case KeyspaceOperationKind.Compact:
                return batch.Compact(operation.CompactRevision);
            default:
                return batch.Evaluate(operation.Request!);
        }
    }
}
