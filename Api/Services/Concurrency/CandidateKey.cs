using System.Globalization;
using System.Text;

namespace Krewe.Api.Services.Concurrency;

/// <summary>Names of the keys that stand for those who want a lock or an election (behaviours 290, 298).</summary>
internal static class CandidateKey
{
    /// <summary><paramref name="name"/> and a slash: all candidates' keys begin so.</summary>
    public static byte[] PrefixOf(ReadOnlySpan<byte> name) => [.. name, (byte)'/'];

    /// <summary>End of the interval of keys that begin with a prefix which itself ends in a slash.</summary>
    public static byte[] EndOf(ReadOnlySpan<byte> prefix) => [.. prefix[..^1], (byte)('/' + 1)];

    /// <summary>The prefix and the lease in lower-case hex without leading zeros; negative ids as their amount behind a minus sign.</summary>
    public static byte[] KeyOf(ReadOnlySpan<byte> prefix, long lease)
    {
        var amount = lease < 0 ? 0UL - (ulong)lease : (ulong)lease;
        var hex = amount.ToString("x", CultureInfo.InvariantCulture);
        return [.. prefix, .. Encoding.ASCII.GetBytes(lease < 0 ? "-" + hex : hex)];
    }
}
