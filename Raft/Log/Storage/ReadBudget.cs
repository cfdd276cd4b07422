namespace Krewe.Raft.Log.Storage;

/// <summary>How many payload bytes a read may still give. The first entry is always given, whatever its size.</summary>
internal struct ReadBudget(long maxBytes)
{
    private bool _started;
    private bool _exceeded;

    internal long RemainingBytes { get; private set; } = maxBytes;

    internal readonly bool IsSpent => _exceeded || (_started && RemainingBytes <= 0);

    internal bool TrySpend(int bytes)
    {
        if (IsSpent || (_started && bytes > RemainingBytes))
        {
            _exceeded = true;
            return false;
        }

        _started = true;
        RemainingBytes -= bytes;
        return true;
    }
}
