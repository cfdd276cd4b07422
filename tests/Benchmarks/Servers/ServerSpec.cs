namespace Krewe.Benchmarks.Servers;

/// <summary>A server program to start.</summary>
/// <param name="Path">An executable, or a .dll to be run with dotnet.</param>
/// <param name="ExtraArguments">Added after the arguments that every server gets.</param>
internal sealed record ServerSpec(string Name, string Path, IReadOnlyList<string> ExtraArguments)
{
    public (string FileName, IReadOnlyList<string> Arguments) Command(IEnumerable<string> arguments) =>
        Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? ("dotnet", [Path, .. arguments])
            : (Path, [.. arguments]);
}
