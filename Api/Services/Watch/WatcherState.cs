namespace Krewe.Api.Services.Watch;

/// <summary>What the RPC must remember of a watcher to write its responses.</summary>
internal sealed class WatcherState
{
    public required WatcherRights Rights { get; init; }

    public bool PrevKv { get; init; }

    public bool Fragment { get; init; }

    public bool ProgressNotify { get; init; }

    /// <summary>No events since the last progress tick, so the next one is worth a message (behaviour 142).</summary>
    public bool IsIdle { get; set; } = true;
}
