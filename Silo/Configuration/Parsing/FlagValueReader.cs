using Krewe.Silo.Configuration.Flags;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>
/// Checks the text of a value against the kind of its flag and brings it into a normal form, in which values can be compared.
/// </summary>
internal static class FlagValueReader
{
    /// <summary>Null when the value is good; otherwise what is wrong with it, without the flag's name.</summary>
    public static string? Normalize(FlagDefinition flag, string text, out string normal)
    {
        normal = text;
        return flag.Kind switch
        {
            FlagKind.Boolean => NormalizeBoolean(text, ref normal),
            FlagKind.Integer => NormalizeSigned(text, ref normal),
            FlagKind.UnsignedInteger => NormalizeUnsigned(text, uint.MaxValue, ref normal),
            FlagKind.UnsignedLong => NormalizeUnsigned(text, ulong.MaxValue, ref normal),
            FlagKind.Duration => NormalizeDuration(text, ref normal),
            FlagKind.Urls => NormalizeUrls(text, ref normal),
            FlagKind.UrlsOrAll => text == "*" ? null : NormalizeUrls(text, ref normal),
            FlagKind.TextList => NormalizeList(text, ref normal),
            _ => CheckChoice(flag, text),
        };
    }

    /// <summary>The flag's default in normal form.</summary>
    public static string NormalDefault(FlagDefinition flag) =>
        Normalize(flag, flag.Default, out var normal) is { } error
            ? throw new InvalidOperationException($"the default of --{flag.Name} is bad: {error}")
            : normal;

    private static string? CheckChoice(FlagDefinition flag, string text) =>
        flag.Choices.Count == 0 || flag.Choices.Contains(text)
            ? null
            : $"must be one of {string.Join(", ", flag.Choices.Select(choice => $"\"{choice}\""))}";

    private static string? NormalizeBoolean(string text, ref string normal)
    {
        if (!GoNumber.TryParseBoolean(text, out var value))
        {
            return "not a boolean";
        }

        normal = value ? "true" : "false";
        return null;
    }

    private static string? NormalizeSigned(string text, ref string normal)
    {
        if (!GoNumber.TryParseSigned(text, out var value))
        {
            return "not an integer of 64 bits";
        }

        normal = GoNumber.Format(value);
        return null;
    }

    private static string? NormalizeUnsigned(string text, ulong limit, ref string normal)
    {
        if (!GoNumber.TryParseUnsigned(text, out var value) || value > limit)
        {
            return $"not an integer from 0 to {limit}";
        }

        normal = GoNumber.Format(value);
        return null;
    }

    private static string? NormalizeDuration(string text, ref string normal)
    {
        if (!GoDuration.TryParse(text, out var value))
        {
            return "not a duration such as 300ms, 5s or 1h30m";
        }

        normal = GoDuration.Format(value);
        return null;
    }

    private static string? NormalizeUrls(string text, ref string normal)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (!EtcdUrl.TryParseList(text, out var urls, out var error))
        {
            return error;
        }

        normal = string.Join(',', urls);
        return null;
    }

    private static string? NormalizeList(string text, ref string normal)
    {
        normal = string.Join(',', text.Split(',', StringSplitOptions.TrimEntries).Distinct());
        return null;
    }
}
