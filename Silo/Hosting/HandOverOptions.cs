namespace Krewe.Silo.Hosting;

/// <summary>How long a stopping leader tries to hand its leadership over.</summary>
/// <param name="AttemptTimeout">For one follower.</param>
/// <param name="MaxAttempts">How many followers are tried.</param>
internal sealed record HandOverOptions(TimeSpan AttemptTimeout, int MaxAttempts)
{
    private const int Attempts = 2;

    /// <summary>The core gives a transfer up after one election timeout.</summary>
    public static HandOverOptions For(TimeSpan electionTimeout) => new(electionTimeout, Attempts);
}
