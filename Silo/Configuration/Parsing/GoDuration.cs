using System.Buffers;
using System.Globalization;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>Durations in Go's notation: an optional sign and numbers with units, such as 1h15m30.5s. Resolution here is 100 ns.</summary>
internal static class GoDuration
{
    private const decimal NanosecondsPerTick = 100;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration; "0" alone needs no unit. False for anything that Go refuses or that exceeds 64-bit nanoseconds.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        var negative = text.StartsWith('-');
        var rest = negative || text.StartsWith('+') ? text.AsSpan(1) : text;
        if (rest is "0")
        {
            return true;
        }

        decimal nanoseconds = 0;
        var any = false;
        while (rest.Length > 0)
        {
            if (!TryTakeTerm(ref rest, out var term) || (nanoseconds += term) > long.MaxValue)
            {
                return false;
            }

            any = true;
        }

        value = FromNanoseconds(negative ? -nanoseconds : nanoseconds);
        return any;
    }

    /// <summary>A number of nanoseconds, cut to 100 ns.</summary>
    public static TimeSpan FromNanoseconds(decimal nanoseconds) => TimeSpan.FromTicks((long)(nanoseconds / NanosecondsPerTick));

    /// <summary>Go's way of writing a duration: 2h0m0s, 1m30s, 100ms, 0s.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.Zero)
        {
            return "-" + Format(value.Negate());
        }

        if (value < TimeSpan.FromSeconds(1))
        {
            return FormatBelowOneSecond(value);
        }

        var hours = (long)value.TotalHours;
        var minutes = value.Minutes;
        var seconds = (value.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        var secondsText = seconds.ToString("0.#######", CultureInfo.InvariantCulture) + "s";
        return hours > 0 ? $"{hours}h{minutes}m{secondsText}" : minutes > 0 ? $"{minutes}m{secondsText}" : secondsText;
    }

    private static string FormatBelowOneSecond(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        var (unitTicks, unit) = value >= TimeSpan.FromMilliseconds(1)
            ? (TimeSpan.TicksPerMillisecond, "ms")
            : (TimeSpan.TicksPerMicrosecond, "µs");
        return (value.Ticks / (decimal)unitTicks).ToString("0.####", CultureInfo.InvariantCulture) + unit;
    }

    private static bool TryTakeTerm(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        nanoseconds = 0;
        var numberLength = rest.IndexOfAnyExcept(NumberCharacters);
        if (numberLength <= 0
            || !decimal.TryParse(rest[..numberLength], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[numberLength..];
        var unitEnd = rest.IndexOfAny(NumberCharacters);
        var unitLength = unitEnd < 0 ? rest.Length : unitEnd;
        var unit = NanosecondsIn(rest[..unitLength]);
        rest = rest[unitLength..];
        if (unit == 0 || number > long.MaxValue / unit)
        {
            return false;
        }

        nanoseconds = number * unit;
        return true;
    }

    private static decimal NanosecondsIn(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => 0,
    };
}
