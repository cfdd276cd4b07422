namespace Krewe.Grains.Prefixes;

/// <summary>
/// The prefix grain that was called may not write: it is not the registered owner, or its silo no longer leads. The batch certainly
/// is not in the log, so it may be sent again.
/// </summary>
[GenerateSerializer]
[Alias("krewe.NotOwnerException")]
public sealed class NotOwnerException : Exception
{
    public NotOwnerException(string message)
        : base(message)
    {
    }
}
