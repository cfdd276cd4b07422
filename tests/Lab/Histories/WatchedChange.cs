namespace Krewe.Lab.Histories;

/// <summary>An event as a watcher got it, with the value before it (null: none).</summary>
internal sealed record WatchedChange(LogEvent Change, string? PreviousValue);
