using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Keyspace.Tests.Model;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;

namespace Krewe.Simulation.Checks;

/// <summary>
/// Runs the operations of the committed entries again, in log order, on the reference model: every outcome must be the model's, every
/// writer must own what it writes, acknowledged writes must be there, and nothing may be there twice.
/// </summary>
internal sealed class KeyspaceReplay(KeyspaceHistory history)
{
    private readonly FenceModel _fence = new();

    public ReferenceModel Model { get; } = new();

    public void Run()
    {
        foreach (CommittedEntry entry in history.Committed)
        {
            if (entry.BeginsTerm)
            {
                _fence.BeginTerm();
            }
            else if (history.Find(entry) is { } batch)
            {
                Replay(entry, batch);
            }
            else if (entry.Kind == Raft.Core.EntryKind.Normal)
            {
                throw new SimulationException($"entry {entry} was appended by nobody");
            }
        }

        foreach (KeyspaceOperation operation in history.Operations)
        {
            CheckCommits(operation);
        }
    }

    private void Replay(in CommittedEntry entry, AppendedBatch batch)
    {
        if (batch.Directory is { } command)
        {
            _fence.Apply(command, entry.Term);
            return;
        }

        if (entry.Status != EntryStatus.Applied)
        {
            throw new SimulationException($"entry {entry} was refused by apply: {string.Join("; ", batch.Operations.Select(o => o.ToString()))}");
        }

        _fence.CheckWriters(entry, batch);
        for (int i = 0; i < batch.Operations.Length; i++)
        {
            Replay(entry, batch, i);
        }
    }

    private void Replay(in CommittedEntry entry, AppendedBatch batch, int at)
    {
        KeyspaceOperation operation = batch.Operations[at];
        operation.Commits++;
        CheckPrefixes(entry, batch, operation);
        string told = KeyspaceOperation.Text(batch.Outcomes[at]);
        string expected = KeyspaceOperation.Text(Evaluate(operation));
        if (told != expected)
        {
            throw new SimulationException($"entry {entry}: {operation}\nwas evaluated as {told}\nand is            {expected}");
        }
    }

    private KvOutcome Evaluate(KeyspaceOperation operation)
    {
        EtcdError error;
        switch (operation.Kind)
        {
            case KeyspaceOperationKind.Grant:
                return new KvOutcome(null, Model.Grant(operation.LeaseId, operation.TtlSeconds));
            case KeyspaceOperationKind.Revoke:
                error = Model.Revoke(operation.LeaseId, out long revision);
                return new KvOutcome(error == EtcdError.None ? new CompactResult { Revision = revision } : null, error);
            case KeyspaceOperationKind.Compact:
                error = Model.Compact(operation.CompactRevision);
                return new KvOutcome(error == EtcdError.None ? new CompactResult { Revision = Model.State.Revision } : null, error);
            default:
                return Model.Evaluate(operation.Request!);
        }
    }

    private static void CheckPrefixes(in CommittedEntry entry, AppendedBatch batch, KeyspaceOperation operation)
    {
        if (operation.Kind != KeyspaceOperationKind.Write)
        {
            return;
        }

        var written = new SortedSet<int>();
        WrittenPrefixes.Collect(KeyspaceLayout.Prefixes, operation.Request!, written);
        foreach (int position in written)
        {
            byte[] prefix = KeyspaceLayout.Prefixes.Prefixes[position];
            if (!batch.Writers.Any(w => w.Prefix.Span.SequenceEqual(prefix)))
            {
                throw new SimulationException($"fence: entry {entry} writes prefix {position} without its owner: {operation}");
            }
        }
    }

    private static void CheckCommits(KeyspaceOperation operation)
    {
        if (operation.IsRead || operation.Kind == KeyspaceOperationKind.KeepAlive)
        {
            return;
        }

        if (operation.Commits > 1)
        {
            throw new SimulationException($"took effect {operation.Commits} times: {operation}");
        }

        if (operation.IsComplete && operation.Commits == 0)
        {
            throw new SimulationException($"acknowledged and lost: {operation}");
        }

        if (!operation.IsComplete && operation.HasFailed && operation.Commits != 0)
        {
            throw new SimulationException($"certainly had no effect, and has one: {operation}");
        }
    }
}
