namespace Krewe.Raft.Core;

/// <summary>SplitMix64: a small generator with a fixed sequence per seed on every platform.</summary>
internal struct RaftRandom(ulong seed)
{
    private ulong _state = seed;

    public int Next(int exclusiveMax)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (int)(z % (ulong)exclusiveMax);
    }
}
