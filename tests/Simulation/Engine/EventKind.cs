namespace Krewe.Simulation.Engine;

internal enum EventKind : byte
{
    Tick,
    Deliver,
    DiskDone,
    ApplyDone,
    SnapshotReport,
    Client,
    ClientTimeout,
    Nemesis,
    Restart,
    EndOfFaults,
}
