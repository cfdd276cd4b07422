namespace Krewe.Simulation.Model;

internal enum KvKind : byte
{
    Put = 1,
    CompareAndSwap = 2,
    Get = 3,
}
