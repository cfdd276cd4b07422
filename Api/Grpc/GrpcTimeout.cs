using System.Globalization;

namespace Krewe.Api.Grpc;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        switch (text[^1])
        {
            case 'n': timeout = TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick); return true;
            case 'u': timeout = TimeSpan.FromTicks(count * TimeSpan.TicksPerMicrosecond); return true;
            case 'm': timeout = TimeSpan.FromTicks(count * TimeSpan.TicksPerMillisecond); return true;
            case 'S': timeout = TimeSpan.FromTicks(count * TimeSpan.TicksPerSecond); return true;
            case 'M': timeout = TimeSpan.FromTicks(count * TimeSpan.TicksPerMinute); return true;
            case 'H': timeout = TimeSpan.FromTicks(count * TimeSpan.TicksPerHour); return true;
            default: return false;
        }
    }
}
