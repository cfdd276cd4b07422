using System.Runtime.CompilerServices;
using Krewe.Raft.Tests.Scenarios.Engine;

namespace Krewe.Raft.Tests.Scenarios;

/// <summary>
/// Runs the scenario files beside this one: what is written after "$ " is done, what follows must be what happened. KREWE_REWRITE=1 writes what
/// happened into the files instead; read the difference before committing it.
/// </summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Files
        => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Scenarios"), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Scenario(string name)
    {
        string expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Scenarios", name + ".txt"));
        string actual = Play(expected);
        if (Environment.GetEnvironmentVariable("KREWE_REWRITE") == "1")
        {
            File.WriteAllText(Path.Combine(SourceDirectory(), name + ".txt"), actual);
            return;
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void There_are_scenarios() => Assert.True(Files.Count >= 40);

    /// <summary>Keeps comments, blank lines and commands, and puts what happens after each command.</summary>
    private static string Play(string script)
    {
        var cluster = new ScenarioCluster();
        var actual = new System.Text.StringBuilder();
        foreach (string line in script.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                actual.Append(line).Append('\n').Append(cluster.Run(line[2..]));
            }
            else if (line.Length == 0 || line[0] == '#')
            {
                actual.Append(line).Append('\n');
            }
        }

        return actual.ToString();
    }

    private static string SourceDirectory([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
