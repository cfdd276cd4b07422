namespace Krewe.Benchmarks.Http2;

/// <summary>Prefix-coded integers (RFC 7541 section 5.1).</summary>
internal static class HpackInteger
{
    private const int MaxShift = 21;

    /// <summary>Reads an integer whose first <paramref name="prefixBits"/> bits are the low bits of the first byte.</summary>
    public static int Read(ref ReadOnlySpan<byte> source, int prefixBits)
    {
        var limit = (1 << prefixBits) - 1;
        var value = Take(ref source) & limit;
        if (value < limit)
        {
            return value;
        }

        for (var shift = 0; shift <= MaxShift; shift += 7)
        {
            var next = Take(ref source);
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        throw new Http2Exception("HPACK integer is too large");
    }

    /// <summary>Writes <paramref name="value"/> below the given pattern of high bits; returns the bytes written.</summary>
    public static int Write(Span<byte> destination, int value, int prefixBits, byte pattern)
    {
        var limit = (1 << prefixBits) - 1;
        if (value < limit)
        {
            destination[0] = (byte)(pattern | value);
            return 1;
        }

        destination[0] = (byte)(pattern | limit);
        var written = 1;
        for (value -= limit; value >= 0x80; value >>= 7)
        {
            destination[written++] = (byte)(value | 0x80);
        }

        destination[written++] = (byte)value;
        return written;
    }

    private static byte Take(ref ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            throw new Http2Exception("HPACK block ends inside an integer");
        }

        var value = source[0];
        source = source[1..];
        return value;
    }
}
