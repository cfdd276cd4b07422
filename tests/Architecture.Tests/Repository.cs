namespace Krewe.Architecture.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = ["bin", "obj", "node_modules", "artifacts"];

    /// <summary>The directory with the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file that somebody wrote, as a path relative to the root with forward slashes.</summary>
    public static IReadOnlyList<string> SourceFiles { get; } = [.. Files("*.cs")];

    /// <summary>Every project file, likewise.</summary>
    public static IReadOnlyList<string> ProjectFiles { get; } = [.. Files("*.csproj")];

    private static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => NotSource.Contains(part) || (part.StartsWith('.') && part.Length > 1)))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Orleans.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("Orleans.sln is in no directory above the tests");
    }
}
