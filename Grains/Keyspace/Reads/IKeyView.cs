using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Index;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>Keys as of a revision: of the applied state, or of the tail of the log.</summary>
internal interface IKeyView
{
    bool TryGet(ReadOnlySpan<byte> key, long revision, out KeyState state);

    long Count(in KeyInterval interval, long revision);

    /// <summary>
    /// Appends keys of the interval in key order, up to <paramref name="max"/> or as many as one turn should look at. Answers whether
    /// the interval is done; if not, go on with <c>interval.After(resume)</c>.
    /// </summary>
    bool Scan(in KeyInterval interval, long revision, int max, List<KeyState> into, out ReadOnlyMemory<byte> resume);

    /// <summary>Fetches value and lease if they are missing.</summary>
    KeyValue Complete(in KeyState state);
}
