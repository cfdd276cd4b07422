using Krewe.Raft.Log.Format;

namespace Krewe.Raft.Log.Storage;

/// <summary>One segment file and where its live entries are. 4 bytes of memory an entry.</summary>
internal sealed class Segment(string name, IDiskFile file, SegmentHeader header) : IDisposable
{
    private uint[] _offsets = new uint[64];

    internal string Name => name;

    internal IDiskFile File => file;

    internal SegmentHeader Header => header;

    /// <summary>Bytes that may be written without the file system having to find space.</summary>
    internal long Capacity { get; set; }

    /// <summary>Where the records end, in bytes.</summary>
    internal long End { get; set; }

    /// <summary>CRC of the last record of a segment that was just created.</summary>
    internal uint LastCrc { get; init; }

    /// <summary>Index of the first live entry; meaningless if <see cref="Count"/> is 0.</summary>
    internal ulong FirstIndex { get; private set; }

    /// <summary>Number of live entries; they follow one another without a gap.</summary>
    internal int Count { get; private set; }

    internal ulong LastIndex => FirstIndex + (ulong)Count - 1;

    internal bool Holds(ulong index) => Count > 0 && index >= FirstIndex && index <= LastIndex;

    internal void Add(ulong index, uint offset)
    {
        if (Count == 0)
        {
            FirstIndex = index;
        }

        if (Count == _offsets.Length)
        {
            Array.Resize(ref _offsets, Count * 2);
        }

        _offsets[Count++] = offset;
    }

    /// <summary>Forgets the entries behind <paramref name="lastIndex"/>.</summary>
    internal void TruncateTo(ulong lastIndex)
    {
        if (Count > 0 && LastIndex > lastIndex)
        {
            Count = lastIndex < FirstIndex ? 0 : (int)(lastIndex - FirstIndex + 1);
        }
    }

    internal void Clear() => Count = 0;

    internal ReadOnlySpan<uint> OffsetsFrom(ulong index) => _offsets.AsSpan((int)(index - FirstIndex), (int)(LastIndex - index + 1));

    public void Dispose() => file.Dispose();
}
