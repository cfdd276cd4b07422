namespace Krewe.Benchmarks.Servers;

/// <summary>A server program to start.</summary>
/// <param name="Path">An executable, or a .dll to be run with dotnet.</param>
/// <param name="ExtraArguments">Added after the arguments that every server gets.</param>
internal sealed record ServerSpec(string Name, string Path, IReadOnlyList<string> ExtraArguments)
{
    /// <param name="arguments">As an option of a command gives them: separated by spaces.</param>
    public static ServerSpec Of(string name, string path, params string[] arguments) =>
        new(name, path, [.. arguments.SelectMany(some => some.Split(' ', StringSplitOptions.RemoveEmptyEntries))]);

    public (string FileName, IReadOnlyList<string> Arguments) Command(IEnumerable<string> arguments) =>
        Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? ("dotnet", [Path, .. arguments])
            : (Path, [.. arguments]);
}
