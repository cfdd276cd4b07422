using System.Text;

namespace Krewe.Benchmarks.Http2;

/// <summary>Decodes HPACK's Huffman code (RFC 7541 appendix B).</summary>
/// <remarks>
/// The code is canonical: within one length, codes grow with the symbol. So the lengths alone define it.
/// Strings on a hot path come from the dynamic table, so a bit-by-bit decoder is fast enough here.
/// </remarks>
internal static class HpackHuffman
{
    public const int EndOfString = 256;
    private const int MinLength = 5;
    private const int MaxLength = 30;
    private const int MaxPaddingBits = 7;

    private static readonly byte[] Lengths =
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    // Per length: the first code, and where its symbols start in SymbolsByCode.
    private static readonly int[] FirstCode = new int[MaxLength + 1];
    private static readonly int[] FirstSymbol = new int[MaxLength + 1];
    private static readonly int[] CountOfLength = new int[MaxLength + 1];
    private static readonly short[] SymbolsByCode = BuildTables();

    public static int LengthOf(int symbol) => Lengths[symbol];

    public static string Decode(ReadOnlySpan<byte> source)
    {
        var text = new StringBuilder(source.Length * 2);
        var code = 0;
        var length = 0;
        foreach (var octet in source)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                code = (code << 1) | ((octet >> bit) & 1);
                length++;
                if (TryMatch(code, length, out var symbol))
                {
                    text.Append(symbol == EndOfString ? throw new Http2Exception("Huffman string contains EOS") : (char)symbol);
                    code = 0;
                    length = 0;
                }
            }
        }

        // What is left over must be the start of EOS: fewer than eight ones.
        if (length > MaxPaddingBits || code != (1 << length) - 1)
        {
            throw new Http2Exception("Huffman string has bad padding");
        }

        return text.ToString();
    }

    private static bool TryMatch(int code, int length, out short symbol)
    {
        symbol = 0;
        if (length < MinLength)
        {
            return false;
        }

        var index = code - FirstCode[length];
        if (index < 0 || index >= CountOfLength[length])
        {
            return length == MaxLength ? throw new Http2Exception("Huffman string has an unknown code") : false;
        }

        symbol = SymbolsByCode[FirstSymbol[length] + index];
        return true;
    }

    private static short[] BuildTables()
    {
        var symbols = new short[Lengths.Length];
        var next = 0;
        var code = 0;
        for (var length = MinLength; length <= MaxLength; length++)
        {
            code <<= 1;
            FirstCode[length] = code;
            FirstSymbol[length] = next;
            for (short symbol = 0; symbol < Lengths.Length; symbol++)
            {
                if (Lengths[symbol] == length)
                {
                    symbols[next++] = symbol;
                    code++;
                }
            }

            CountOfLength[length] = next - FirstSymbol[length];
        }

        return symbols;
    }
}
