using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>What became of a command line: options, or something to print and an exit code.</summary>
internal sealed record ParseResult
{
    /// <summary>A value or a combination of values is bad.</summary>
    public const int ExitCodeBadConfiguration = 1;

    /// <summary>The command line itself is bad: an unknown flag, a missing or malformed value (behaviour 367).</summary>
    public const int ExitCodeBadUsage = 2;

    private ParseResult(ParseOutcome outcome, string text, int exitCode)
    {
        Outcome = outcome;
        Text = text;
        ExitCode = exitCode;
    }

    public ParseOutcome Outcome { get; }

    /// <summary>What to print, unless <see cref="Outcome"/> is <see cref="ParseOutcome.Start"/>.</summary>
    public string Text { get; }

    public int ExitCode { get; }

    /// <summary>The options; null unless <see cref="Outcome"/> is <see cref="ParseOutcome.Start"/>.</summary>
    public ServerOptions? Options { get; private init; }

    /// <summary>What to log as warnings once logging works.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    public static ParseResult Start(ServerOptions options, IReadOnlyList<string> warnings) =>
        new(ParseOutcome.Start, "", 0) { Options = options, Warnings = warnings };

    public static ParseResult Help() => new(ParseOutcome.Print, HelpText.Create(), 0);

    public static ParseResult Version() => new(ParseOutcome.Print, VersionText.Create(), 0);

    public static ParseResult Fail(string text) => new(ParseOutcome.Error, text, ExitCodeBadConfiguration);

    public static ParseResult BadUsage(string text) => new(ParseOutcome.Error, $"{text}\n{HelpText.Usage}", ExitCodeBadUsage);
}
