namespace Krewe.Silo.Configuration.Flags;

/// <summary>One flag: everything that parsing, <c>--help</c> and the reference page need to know about it.</summary>
/// <param name="Name">The name without dashes in front.</param>
/// <param name="Kind">How its value is read.</param>
/// <param name="Default">The default as text; empty where etcd's is empty.</param>
/// <param name="Group">Its heading in <c>--help</c>.</param>
/// <param name="Help">One line, without a full stop.</param>
internal sealed record FlagDefinition(string Name, FlagKind Kind, string Default, FlagGroup Group, string Help)
{
    /// <summary>What Krewe does with the flag.</summary>
    public FlagSupport Support { get; init; } = FlagSupport.Effective;

    /// <summary>Why the flag has no effect, or what it waits for. Empty for effective flags.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The only values allowed; empty when any value of the kind is.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The environment variable that sets it; null for a flag that only the command line has (behaviour 361).</summary>
    public string? Environment { get; init; } = EnvironmentName(Group == FlagGroup.Krewe ? "KREWE" : "ETCD", Name);

    /// <summary>Whether etcd's configuration file has it too, as a key of its own or in a section.</summary>
    public bool InConfigFile { get; init; } = true;

    private static string EnvironmentName(string prefix, string name) =>
        $"{prefix}_{name.Replace('-', '_').ToUpperInvariant()}";
}
