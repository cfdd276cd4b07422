using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;

namespace Krewe.Simulation.Checks;

/// <summary>Judges a history of the keyspace at its end. Writes are totally ordered by the log, so nothing has to be searched for.</summary>
internal static class KeyspaceChecker
{
    public static void Check(KeyspaceHistory history, FaultProfile profile)
    {
        var replay = new KeyspaceReplay(history);
        replay.Run();
        RealTimeChecker.Check(history.Operations, replay.Model);
        LeaseChecker.Check(history.LeaseSigns, profile);
        foreach (SimWatcher watcher in history.Watchers)
        {
            WatchChecker.Check(watcher, replay.Model);
        }
    }
}
