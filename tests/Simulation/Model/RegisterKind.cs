namespace Krewe.Simulation.Model;

internal enum RegisterKind : byte
{
    Put = 1,
    CompareAndSwap = 2,
    Get = 3,
}
