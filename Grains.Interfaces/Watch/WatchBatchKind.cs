namespace Krewe.Grains.Interfaces.Watch;

/// <summary>What a <see cref="WatchBatch"/> tells.</summary>
public enum WatchBatchKind
{
    /// <summary>The watcher took effect (behaviour 115); always the first batch of a watcher.</summary>
    Created,
    Events,

    /// <summary>Everything up to the revision was sent (behaviours 142-147).</summary>
    Progress,

    /// <summary>The watcher needs compacted revisions and is gone (behaviours 106, 120).</summary>
    Compacted,

    /// <summary>The watcher was cancelled, on request (behaviour 124) or for want of permission, and is gone.</summary>
    Canceled,
}
