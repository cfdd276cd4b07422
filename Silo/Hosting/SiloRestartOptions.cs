namespace Krewe.Silo.Hosting;

/// <summary>How often a member builds its silo anew.</summary>
internal sealed record SiloRestartOptions
{
    /// <summary>The first pause. Not below a second: a silo's generation is a number of seconds, and two must differ.</summary>
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause doubles with each restart within <see cref="Window"/>, up to this.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>More restarts than this within <see cref="Window"/> end the process: something is wrong that another silo does not mend.</summary>
    public int MaxRestarts { get; init; } = 20;

    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a silo that is given up may take to let go of its threads and ports.</summary>
    public TimeSpan AbandonTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo may take to leave when the member stops.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
