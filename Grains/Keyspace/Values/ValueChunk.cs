namespace Krewe.Grains.Keyspace.Values;

/// <summary>
/// One array of the value cache. When the cache drops it, index entries that still point here find it empty; memory that readers
/// already hold stays valid, because the array is never reused.
/// </summary>
internal sealed class ValueChunk(byte[]? data)
{
    private volatile byte[]? _data = data;

    /// <summary>Null once dropped.</summary>
    public byte[]? Data => _data;

    public void Drop() => _data = null;
}
