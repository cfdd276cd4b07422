namespace Krewe.Silo.Observability.Logging;

/// <summary>Opens the destinations of <c>--log-outputs</c>.</summary>
internal static class LogOutputs
{
    /// <summary>One stream for each of "stderr", "stdout" and file paths; files are appended to.</summary>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be opened.</exception>
    public static IReadOnlyList<Stream> Open(IReadOnlyList<string> outputs) => [.. outputs.Select(Open)];

    private static Stream Open(string output) => output switch
    {
        "stderr" => Console.OpenStandardError(),
        "stdout" => Console.OpenStandardOutput(),
        _ => new FileStream(output, FileMode.Append, FileAccess.Write, FileShare.ReadWrite),
    };
}
