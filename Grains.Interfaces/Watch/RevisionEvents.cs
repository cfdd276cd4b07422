namespace Krewe.Grains.Interfaces.Watch;

/// <summary>All changes of one revision in operation order: the unit of the revision stream (behaviours 133, 134).</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Events">Empty only for a progress marker, which says that everything up to <paramref name="Revision"/> was published.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RevisionEvents")]
public sealed record RevisionEvents([property: Id(0)] long Revision, [property: Id(1)] IReadOnlyList<WatchEvent> Events);
