using System.Globalization;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>Reads integers and booleans as Go's flag package does, so that what etcd accepts is accepted here.</summary>
internal static class GoNumber
{
    /// <summary>An unsigned integer: decimal, 0x, 0o, 0b, or a leading 0 for octal; underscores only after a prefix.</summary>
    public static bool TryParseUnsigned(string text, out ulong value)
    {
        value = 0;
        var (digits, numberBase) = SplitPrefix(text);
        if (digits.Length == 0)
        {
            return false;
        }

        foreach (var c in digits)
        {
            if (c == '_' && numberBase != 10)
            {
                continue;
            }

            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : numberBase;
            if (digit >= numberBase || value > (ulong.MaxValue - (ulong)digit) / (ulong)numberBase)
            {
                return false;
            }

            value = (value * (ulong)numberBase) + (ulong)digit;
        }

        return true;
    }

    /// <summary>A signed 64-bit integer in the same notations.</summary>
    public static bool TryParseSigned(string text, out long value)
    {
        value = 0;
        var negative = text.StartsWith('-');
        var unsignedText = negative || text.StartsWith('+') ? text[1..] : text;
        var limit = negative ? (ulong)long.MaxValue + 1 : long.MaxValue;
        if (!TryParseUnsigned(unsignedText, out var magnitude) || magnitude > limit)
        {
            return false;
        }

        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        return true;
    }

    /// <summary>A boolean: exactly the twelve spellings that Go knows.</summary>
    public static bool TryParseBoolean(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "true" or "True" or "TRUE";
        return value || text is "0" or "f" or "F" or "false" or "False" or "FALSE";
    }

    /// <summary>The normal form of an integer.</summary>
    public static string Format(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static (string Digits, int Base) SplitPrefix(string text)
    {
        if (text.Length < 2 || text[0] != '0')
        {
            return (text, 10);
        }

        return char.ToLowerInvariant(text[1]) switch
        {
            'x' => (text[2..], 16),
            'b' => (text[2..], 2),
            'o' => (text[2..], 8),
            _ => (text[1..], 8),
        };
    }
}
