using System.Text;

namespace Krewe.Benchmarks.Http2;

/// <summary>Encodes the header blocks of one connection's gRPC requests.</summary>
/// <remarks>
/// As grpc-go does, the first request carries literals that the server indexes; later ones to the same method are one
/// byte a header. The entries of the few paths of a run stay far below <see cref="HpackDecoder.DefaultTableSize"/>, so none is
/// ever evicted. If the server announces a smaller table, nothing is indexed.
/// </remarks>
internal sealed class RequestHeaders(string authority, bool isEncrypted = false)
{
    private const byte IndexedPattern = 0x80;
    private const byte LiteralIndexedPattern = 0x40;
    private const byte LiteralPattern = 0x00;

    private readonly List<HeaderField> _indexed = [];
    private readonly byte _scheme = (byte)(IndexedPattern | (isEncrypted ? HpackStaticTable.SchemeHttps : HpackStaticTable.SchemeHttp));
    private bool _mayIndex = true;
    private byte[] _lastBlock = [];
    private string _lastPath = "";
    private int _lastCount;
    private string? _token;

    public void OnServerTableSize(long bytes) => _mayIndex = bytes >= HpackDecoder.DefaultTableSize;

    /// <summary>Adds etcd's metadata "token" to all later blocks.</summary>
    public void UseToken(string token)
    {
        _token = token;
        _lastPath = "";
    }

    /// <summary>The block for a POST to <paramref name="path"/>; valid for the next HEADERS frame only.</summary>
    public ReadOnlySpan<byte> Encode(string path)
    {
        if (_lastCount == _indexed.Count && _lastCount > 0 && ReferenceEquals(path, _lastPath))
        {
            return _lastBlock;
        }

        var countBefore = _indexed.Count;
        var block = new List<byte>(256) { IndexedPattern | HpackStaticTable.MethodPost, _scheme };
        Add(block, HpackStaticTable.Path, new HeaderField(":path", path));
        Add(block, HpackStaticTable.Authority, new HeaderField(":authority", authority));
        Add(block, HpackStaticTable.ContentType, new HeaderField("content-type", "application/grpc"));
        Add(block, HpackStaticTable.UserAgent, new HeaderField("user-agent", "krewe-benchmarks"));
        Add(block, 0, new HeaderField("te", "trailers"));
        if (_token is not null)
        {
            Add(block, 0, new HeaderField("token", _token));
        }

        Remember(path, block, reusable: countBefore == _indexed.Count);
        return _lastBlock;
    }

    private void Remember(string path, List<byte> block, bool reusable)
    {
        _lastBlock = [.. block];
        _lastPath = reusable ? path : "";
        _lastCount = _indexed.Count;
    }

    private void Add(List<byte> block, int nameIndex, HeaderField field)
    {
        var known = _indexed.IndexOf(field);
        if (known >= 0)
        {
            AddInteger(block, HpackStaticTable.Count + _indexed.Count - known, 7, IndexedPattern);
            return;
        }

        AddInteger(block, nameIndex, _mayIndex ? 6 : 4, _mayIndex ? LiteralIndexedPattern : LiteralPattern);
        if (nameIndex == 0)
        {
            AddString(block, field.Name);
        }

        AddString(block, field.Value);
        if (_mayIndex)
        {
            _indexed.Add(field);
        }
    }

    private static void AddString(List<byte> block, string text)
    {
        AddInteger(block, text.Length, 7, 0);
        block.AddRange(Encoding.Latin1.GetBytes(text));
    }

    private static void AddInteger(List<byte> block, int value, int prefixBits, byte pattern)
    {
        Span<byte> bytes = stackalloc byte[8];
        block.AddRange(bytes[..HpackInteger.Write(bytes, value, prefixBits, pattern)]);
    }
}
