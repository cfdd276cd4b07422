using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Parsing;

/// <summary>Short ways to call the parser from tests.</summary>
internal static class Parsing
{
    public const string ConfigPath = "etcd.yaml";

    public static ParseResult Run(params string[] arguments) => Run(arguments, []);

    public static ParseResult Run(string[] arguments, Dictionary<string, string> environment) =>
        CommandLineParser.Parse(arguments, environment, path => throw new FileNotFoundException($"no file {path}"));

    public static ParseResult RunFile(string file, string[]? arguments = null, Dictionary<string, string>? environment = null) =>
        CommandLineParser.Parse(
            [.. arguments ?? [], $"--config-file={ConfigPath}"],
            environment ?? [],
            path => path == ConfigPath ? file : throw new FileNotFoundException($"no file {path}"));

    public static ServerOptions Options(params string[] arguments) => Started(Run(arguments));

    public static ServerOptions Started(ParseResult result)
    {
        Assert.True(result.Outcome == ParseOutcome.Start, result.Text);
        return result.Options!;
    }

    public static void Fails(ParseResult result, int exitCode, string text)
    {
        Assert.Equal(ParseOutcome.Error, result.Outcome);
        Assert.Contains(text, result.Text, StringComparison.Ordinal);
        Assert.Equal(exitCode, result.ExitCode);
    }
}
