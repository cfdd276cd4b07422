using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Configuration.Options;

/// <summary>Logs.</summary>
public sealed record LoggingOptions
{
    private const string DefaultOutput = "default";

    /// <summary><c>--log-level</c>.</summary>
    public required LogLevel Level { get; init; }

    /// <summary><c>--log-format</c>.</summary>
    public required LogFormat Format { get; init; }

    /// <summary><c>--log-outputs</c>: "stderr", "stdout" or file paths, without duplicates; "default" has become "stderr".</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Replaces the word "default"; an empty list means it too.</summary>
    internal static IReadOnlyList<string> ResolveOutputs(IReadOnlyList<string> outputs) =>
        outputs is [] or [DefaultOutput] ? ["stderr"] : [.. outputs.Distinct()];

    /// <summary>What is wrong with these options, or null.</summary>
    public string? Validate() =>
        Outputs.Contains("systemd/journal")
            ? "--log-outputs=systemd/journal is not supported by krewe yet; log to stderr, which systemd keeps"
        : Outputs.Contains(DefaultOutput) ? "--log-outputs: \"default\" cannot be combined with other outputs"
        : null;
}
