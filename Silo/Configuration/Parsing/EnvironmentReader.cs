using Krewe.Silo.Configuration.Flags;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>Takes flags from ETCD_* and KREWE_* variables (behaviour 361).</summary>
internal static class EnvironmentReader
{
    /// <summary>Fills <paramref name="values"/>; null when all went well. Unknown variables of our prefixes are warned about.</summary>
    public static ParseResult? Read(IReadOnlyDictionary<string, string> environment, FlagValues values, List<string> warnings)
    {
        foreach (var flag in FlagCatalog.All)
        {
            if (flag.Environment is null || !environment.TryGetValue(flag.Environment, out var text))
            {
                continue;
            }

            if (values.IsSet(flag.Name))
            {
                return ParseResult.Fail(
                    $"conflicting environment variable: {flag.Environment} and --{flag.Name} are both set; "
                    + "unset the variable or leave out the flag");
            }

            // An empty variable counts as not set.
            if (text.Length > 0 && values.Set(flag, text, FlagSource.Environment) is { } error)
            {
                return ParseResult.Fail($"invalid value \"{text}\" for {flag.Environment}: {error}");
            }
        }

        warnings.AddRange(Unrecognized(environment));
        return null;
    }

    private static IEnumerable<string> Unrecognized(IReadOnlyDictionary<string, string> environment)
    {
        var known = FlagCatalog.All.Select(flag => flag.Environment).ToHashSet();
        return environment.Keys
            .Where(name => name.StartsWith("ETCD_", StringComparison.Ordinal) || name.StartsWith("KREWE_", StringComparison.Ordinal))
            .Where(name => !known.Contains(name))
            .Order(StringComparer.Ordinal)
            .Select(Describe);
    }

    private static string Describe(string variable)
    {
        var flagName = variable.StartsWith("ETCD_", StringComparison.Ordinal) ? variable[5..].ToLowerInvariant().Replace('_', '-') : "";
        return FlagCatalog.FindRemoved(flagName) is { } removed
            ? $"unrecognized environment variable {variable} (removed before etcd 3.7: {removed.Hint})"
            : $"unrecognized environment variable {variable}";
    }
}
