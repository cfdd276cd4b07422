namespace Krewe.Simulation.Engine;

internal enum EventKind : byte
{
    Tick,
    Deliver,
    CommitKnown,
    DiskDone,
    ApplyDone,
    SnapshotReport,
    Client,
    ClientTimeout,
    Nemesis,
    Restart,
    EndOfFaults,
}
