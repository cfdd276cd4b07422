using Krewe.Silo.Configuration.Flags;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>
/// Splits a command line into flags as Go's flag package does: one dash or two, "=value" or the next argument as value, a bare
/// boolean means true and never takes the next argument, "--" ends the flags. The first mistake wins.
/// </summary>
internal static class GoFlagTokenizer
{
    /// <summary>Fills <paramref name="values"/> from the arguments; null when all went well.</summary>
    public static ParseResult? Read(IReadOnlyList<string> arguments, FlagValues values)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument.Length < 2 || argument[0] != '-')
            {
                return NotAFlag(argument);
            }

            if (argument == "--")
            {
                return i + 1 < arguments.Count ? NotAFlag(arguments[i + 1]) : null;
            }

            var (name, value) = Split(argument);
            if (name.Length == 0 || name[0] is '-' or '=')
            {
                return ParseResult.BadUsage($"bad flag syntax: {argument}");
            }

            if (name is "help" or "h")
            {
                return ParseResult.Help();
            }

            if (FlagCatalog.Find(name) is not { } flag)
            {
                return Unknown(name);
            }

            if (value is null && flag.Kind != FlagKind.Boolean && ++i >= arguments.Count)
            {
                return ParseResult.BadUsage($"flag needs an argument: -{name}");
            }

            value ??= flag.Kind == FlagKind.Boolean ? "true" : arguments[i];
            if (values.Set(flag, value, FlagSource.CommandLine) is { } error)
            {
                return ParseResult.BadUsage($"invalid value \"{value}\" for flag -{name}: {error}");
            }
        }

        return null;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var body = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument[1..];
        var equals = body.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 ? (body, null) : (body[..equals], body[(equals + 1)..]);
    }

    private static ParseResult NotAFlag(string argument) => ParseResult.Fail($"\"{argument}\" is not a valid flag");

    private static ParseResult Unknown(string name)
    {
        var text = $"flag provided but not defined: -{name}";
        return ParseResult.BadUsage(
            FlagCatalog.FindRemoved(name) is { } removed ? $"{text} (removed before etcd 3.7: {removed.Hint})" : text);
    }
}
