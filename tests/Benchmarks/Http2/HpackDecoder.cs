using System.Text;

namespace Krewe.Benchmarks.Http2;

/// <summary>Decodes header blocks of one connection (RFC 7541), dynamic table included.</summary>
internal sealed class HpackDecoder(int maxTableSize = HpackDecoder.DefaultTableSize)
{
    public const int DefaultTableSize = 4096;

    private readonly HpackDynamicTable _table = new(maxTableSize);

    public int TableSize => _table.Size;

    public void Decode<TSink>(ReadOnlySpan<byte> block, ref TSink sink)
        where TSink : struct, IHeaderSink
    {
        while (!block.IsEmpty)
        {
            var first = block[0];
            if ((first & 0x80) != 0)
            {
                sink.OnHeader(Get(HpackInteger.Read(ref block, 7)));
            }
            else if ((first & 0xc0) == 0x40)
            {
                var field = ReadLiteral(ref block, 6);
                _table.Insert(field);
                sink.OnHeader(field);
            }
            else if ((first & 0xe0) == 0x20)
            {
                ResizeTable(HpackInteger.Read(ref block, 5));
            }
            else
            {
                // Without indexing, or never indexed: the same for a decoder.
                sink.OnHeader(ReadLiteral(ref block, 4));
            }
        }
    }

    private HeaderField Get(int index) => index switch
    {
        0 => throw new Http2Exception("HPACK index 0"),
        <= HpackStaticTable.Count => HpackStaticTable.Get(index),
        _ => _table.Get(index - HpackStaticTable.Count - 1),
    };

    private HeaderField ReadLiteral(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        var index = HpackInteger.Read(ref block, prefixBits);
        var name = index == 0 ? ReadString(ref block) : Get(index).Name;
        return new HeaderField(name, ReadString(ref block));
    }

    private static string ReadString(ref ReadOnlySpan<byte> block)
    {
        var huffman = !block.IsEmpty && (block[0] & 0x80) != 0;
        var length = HpackInteger.Read(ref block, 7);
        if (length > block.Length)
        {
            throw new Http2Exception("HPACK string is longer than its block");
        }

        var octets = block[..length];
        block = block[length..];
        return huffman ? HpackHuffman.Decode(octets) : Encoding.Latin1.GetString(octets);
    }

    private void ResizeTable(int size)
    {
        if (size > maxTableSize)
        {
            throw new Http2Exception($"HPACK table size {size} exceeds the announced {maxTableSize}");
        }

        _table.Resize(size);
    }
}
