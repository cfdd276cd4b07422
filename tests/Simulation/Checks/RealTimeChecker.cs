using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Keyspace.Tests.Model;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;

namespace Krewe.Simulation.Checks;

/// <summary>
/// Real time: whoever asks after an answer was given sees at least that answer's revision. With every answer being right at its revision,
/// which is checked for reads here and for writes by <see cref="KeyspaceReplay"/>, that makes the history linearizable.
/// </summary>
internal static class RealTimeChecker
{
    public static void Check(List<KeyspaceOperation> operations, ReferenceModel model)
    {
        KeyspaceOperation[] answered = [.. operations.Where(o => o.IsComplete)];
        foreach (KeyspaceOperation read in answered.Where(o => o.IsRead))
        {
            CheckRead(read, model);
        }

        KeyspaceOperation[] byAnswer = [.. answered.OrderBy(o => o.CompletedAt)];
        KeyspaceOperation? newest = null;
        int next = 0;
        foreach (KeyspaceOperation asked in answered.OrderBy(o => o.InvokedAt))
        {
            for (; byAnswer[next].CompletedAt < asked.InvokedAt; next++)
            {
                newest = RevisionOf(byAnswer[next]) > RevisionOf(newest) ? byAnswer[next] : newest;
            }

            if (!asked.IsSerializable && RevisionOf(asked) is > 0 and var revision && revision < RevisionOf(newest))
            {
                throw new SimulationException($"real time: {asked}\nwas asked after the answer of {newest}");
            }
        }
    }

    private static long RevisionOf(KeyspaceOperation? operation) => operation?.Outcome.Result?.Revision ?? 0;

    private static void CheckRead(KeyspaceOperation read, ReferenceModel model)
    {
        var request = (RangeRequest)read.Request!;
        if (read.Outcome.Error == EtcdError.FutureRevision)
        {
            return;
        }

        if (read.Outcome.Error == EtcdError.Compacted)
        {
            if (request.Revision >= model.State.CompactRevision)
            {
                throw new SimulationException($"nobody compacted that far: {read}");
            }

            return;
        }

        long revision = read.Outcome.Result!.Revision;
        if (revision > model.State.Revision)
        {
            throw new SimulationException($"the revision of an answer was never committed: {read}");
        }

        string expected = KeyspaceOperation.Text(model.Range(request, revision, compactRevision: 0));
        if (expected != KeyspaceOperation.Text(read.Outcome))
        {
            throw new SimulationException($"{read}\nshould be {expected}");
        }
    }
}
