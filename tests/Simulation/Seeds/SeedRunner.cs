using Krewe.Raft.Core;
using Krewe.Simulation.Checks;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;
using Krewe.Simulation.Model;

namespace Krewe.Simulation.Seeds;

/// <summary>Runs many histories over all cores.</summary>
internal static class SeedRunner
{
    /// <summary>Registers, or the whole keyspace.</summary>
    public static Func<FaultProfile, IWorkload>? WorkloadOf(bool isKeyspace, SeededBug bug) =>
        isKeyspace ? profile => new KeyspaceWorkload(profile, bug) : null;

    /// <summary>Runs one history; returns the failure, or null.</summary>
    public static Exception? Run(
        ulong seed, FaultProfile? profile, SeededBug bug, SeedTotals totals, TextWriter? trace = null, bool isKeyspace = false)
    {
        var cluster = new Cluster(seed, profile, bug, trace, WorkloadOf(isKeyspace, bug));
        try
        {
            cluster.Run();
        }
        catch (Exception e) when (e is SimulationException or RaftInvariantException or InvalidOperationException)
        {
            return e;
        }
        catch (UndecidedException e)
        {
            return bug == SeededBug.None ? e : null;
        }
        finally
        {
            totals.Add(cluster);
        }

        return null;
    }

    /// <summary>Runs histories until one fails; returns the least failing seed that was found.</summary>
    public static (ulong Seed, Exception Failure)? FindFailure(
        ulong firstSeed, int count, FaultProfile? profile, SeededBug bug, SeedTotals totals, bool isKeyspace = false)
    {
        var gate = new Lock();
        (ulong Seed, Exception Failure)? found = null;
        Parallel.For(0, count, (i, loop) =>
        {
            ulong seed = firstSeed + (ulong)i;
            if (Run(seed, profile, bug, totals, trace: null, isKeyspace) is not { } failure)
            {
                return;
            }

            loop.Break();
            lock (gate)
            {
                if (found is null || seed < found.Value.Seed)
                {
                    found = (seed, failure);
                }
            }
        });
        return found;
    }
}
