namespace Krewe.Benchmarks.Failover;

/// <summary>What is done to the leader.</summary>
internal enum Fault
{
    Kill,
    Stop,
}
