namespace Krewe.Benchmarks.Http2;

/// <summary>One header; shared between the HPACK tables and their readers so that indexed headers cost no allocation.</summary>
internal sealed record HeaderField(string Name, string Value)
{
    private const int EntryOverheadBytes = 32;

    /// <summary>Table size in bytes (RFC 7541 section 4.1). Octets are held as Latin-1 characters, so lengths agree.</summary>
    public int Size => Name.Length + Value.Length + EntryOverheadBytes;
}
