namespace Krewe.Conformance.Engine;

/// <summary>One script that is run against both servers and whose transcripts must agree.</summary>
/// <param name="Behaviours">Numbers of the specified behaviours that it shows.</param>
/// <param name="Name">A sentence that says what holds.</param>
/// <param name="Script">The requests; whatever it records is compared.</param>
internal sealed record ConformanceCase(int[] Behaviours, string Name, Func<CaseRun, Task> Script)
{
    /// <summary>Lines where v3.7.1 differs from the reference's version.</summary>
    public IReadOnlyList<Deviation> Deviations { get; init; } = [];

    /// <summary>Needs servers of its own: it restarts them, counts absolute revisions, or passes flags.</summary>
    public bool Fresh { get; init; }

    /// <summary>Flags for own servers.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Flags for own servers that Krewe (as 3.6 and later) names otherwise than etcd 3.5.</summary>
    public IReadOnlyList<string>? KreweFlags { get; init; }

    /// <summary>The reference lacks the feature or crashes on it; the script itself asserts what v3.7.1 does.</summary>
    public bool KreweOnly { get; init; }

    public string Title => $"B{string.Join(" B", Behaviours)} {Name}";
}
