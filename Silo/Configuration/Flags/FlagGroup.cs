namespace Krewe.Silo.Configuration.Flags;

/// <summary>The headings of <c>--help</c>, in the order in which they are printed.</summary>
internal enum FlagGroup
{
    General,
    Member,
    Clustering,
    Compaction,
    Security,
    Auth,
    Profiling,
    Logging,
    Features,
    Unsafe,
    Krewe,
}
