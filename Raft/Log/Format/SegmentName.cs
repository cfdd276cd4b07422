using System.Globalization;

namespace Krewe.Raft.Log.Format;

/// <summary>The file name of a segment: sequence and first index, 16 hexadecimal digits each (etcd's scheme).</summary>
/// <param name="Sequence">Number of the segment.</param>
/// <param name="FirstIndex">Index behind the last entry when the segment was begun.</param>
internal readonly record struct SegmentName(ulong Sequence, ulong FirstIndex)
{
    internal const string Extension = ".wal";
    internal const string TemporaryExtension = ".tmp";

    /// <summary>Reads a file name; false if it isn't a segment's.</summary>
    internal static bool TryParse(string file, out SegmentName name)
    {
        name = default;
        if (file.Length != 33 + Extension.Length || file[16] != '-' || !file.EndsWith(Extension, StringComparison.Ordinal)
            || !TryHex(file.AsSpan(0, 16), out var sequence) || !TryHex(file.AsSpan(17, 16), out var firstIndex))
        {
            return false;
        }

        name = new SegmentName(sequence, firstIndex);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence:x16}-{FirstIndex:x16}{Extension}");

    private static bool TryHex(ReadOnlySpan<char> digits, out ulong value) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
