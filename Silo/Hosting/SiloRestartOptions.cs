namespace Krewe.Silo.Hosting;

/// <summary>How often a member builds its silo anew.</summary>
internal sealed record SiloRestartOptions
{
    /// <summary>A silo's generation is a number of seconds, and two must differ: the least time between two starts.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause before the second restart within <see cref="Window"/>; the first comes at once.</summary>
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause doubles with each further one, up to this.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>More restarts than this within <see cref="Window"/> end the process: something is wrong that another silo does not mend.</summary>
    public int MaxRestarts { get; init; } = 20;

    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a silo that is given up may take to let go of its threads and ports.</summary>
    public TimeSpan AbandonTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo may take to leave when the member stops.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
