namespace Krewe.Grains.Interfaces.Watch;

/// <summary>Events that a watcher does not want (behaviour 132).</summary>
[Flags]
public enum WatchFilters
{
    None = 0,
    NoPut = 1,
    NoDelete = 2,
}
