using System.Collections.Frozen;

namespace Krewe.Silo.Configuration.Flags;

/// <summary>
/// The one table of flags: etcd 3.7.1's, those that older versions had, and Krewe's own. Nothing else in the program lists flags.
/// </summary>
internal static partial class FlagCatalog
{
    private const string IssueCluster = "clusters of several members are not built yet";
    private const string IssueDiscovery = "discovery is not built yet; list the members in --initial-cluster";
    private const string NoBbolt = "it tunes etcd's bbolt backend, which Krewe does not use";

    /// <summary>Every flag, in the order of <c>--help</c>.</summary>
    public static IReadOnlyList<FlagDefinition> All { get; } =
    [
        .. General(), .. Member(), .. Clustering(), .. Compaction(), .. Security(), .. Auth(),
        .. Profiling(), .. Logging(), .. Features(), .. Unsafe(), .. Krewe(),
    ];

    /// <summary>Flags that etcd 3.7 no longer accepts, with what to use instead.</summary>
    public static IReadOnlyList<RemovedFlag> Removed { get; } = [.. RemovedFlags()];

    private static readonly FrozenDictionary<string, FlagDefinition> ByName = All.ToFrozenDictionary(flag => flag.Name);
    private static readonly FrozenDictionary<string, RemovedFlag> RemovedByName = Removed.ToFrozenDictionary(flag => flag.Name);

    /// <summary>The flag of that name, or null.</summary>
    public static FlagDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The removed flag of that name, or null.</summary>
    public static RemovedFlag? FindRemoved(string name) => RemovedByName.GetValueOrDefault(name);

    private static FlagDefinition NotYet(this FlagDefinition flag, string reason) =>
        flag with { Support = FlagSupport.NotYet, Reason = reason };

    private static FlagDefinition NoEffect(this FlagDefinition flag, string reason) =>
        flag with { Support = FlagSupport.AcceptedNoEffect, Reason = reason };

    private static FlagDefinition NotInConfigFile(this FlagDefinition flag) => flag with { InConfigFile = false };

    private static FlagDefinition OneOf(this FlagDefinition flag, params string[] choices) => flag with { Choices = choices };
}
