namespace Krewe.Grains.Cluster.Directory;

/// <summary>The compare-and-swap itself, shared by apply and by the view of the log's tail so that they cannot differ.</summary>
internal static class DirectoryRules
{
    public static RegisterOutcome Register(DirectoryEntry? existing, in DirectoryCommand command, bool siloAdmitted, ulong term)
    {
        DirectoryEntry wanted = command.Entry!;
        if (!siloAdmitted || (wanted.IsLeaderBound && command.Term != term))
        {
            return RegisterOutcome.Refused;
        }

        bool free = existing is null
            || existing.Is(wanted.ActivationId, wanted.Silo)
            || (command.Previous is { } previous && existing.Is(previous.ActivationId, previous.Silo));
        return free ? RegisterOutcome.Registered : RegisterOutcome.Kept;
    }

    /// <summary>Orleans may unregister with a default activation id, which names nobody.</summary>
    public static bool Unregisters(DirectoryEntry? existing, in ActivationAddress address) =>
        existing is not null && address.ActivationId != default && existing.Is(address.ActivationId, address.Silo);
}
