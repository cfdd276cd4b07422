namespace Krewe.Grains.Keyspace.Values;

/// <summary>Where in the cache a value is, if it still is there.</summary>
internal readonly struct ValueRef(ValueChunk? chunk, int offset, int length)
{
    private readonly ValueChunk? _chunk = chunk;
    private readonly int _offset = offset;
    private readonly int _length = length;

    public bool TryGet(out ReadOnlyMemory<byte> value)
    {
        // Read once: another thread may drop the chunk between a check and a use.
        byte[]? data = _chunk?.Data;
        value = data is null ? default : data.AsMemory(_offset, _length);
        return data is not null;
    }
}
