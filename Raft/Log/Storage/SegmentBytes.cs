using System.Runtime.InteropServices;

namespace Krewe.Raft.Log.Storage;

/// <summary>A whole segment in memory outside the garbage-collected heap, while it is being scanned.</summary>
internal sealed unsafe class SegmentBytes : IDisposable
{
    private readonly void* _bytes;
    private readonly int _length;

    internal SegmentBytes(string name, IDiskFile file)
    {
        var length = file.Length;
        if (length > WalOptions.MaxSegmentBytes)
        {
            throw new WalCorruptionException(name, 0, $"a segment of {length} bytes is larger than any that is ever written");
        }

        _length = (int)length;
        _bytes = NativeMemory.Alloc((nuint)_length);
        try
        {
            if (file.Read(0, new Span<byte>(_bytes, _length)) != _length)
            {
                throw new IOException($"{name} shrank while it was read");
            }
        }
        catch
        {
            NativeMemory.Free(_bytes);
            throw;
        }
    }

    internal ReadOnlySpan<byte> Span => new(_bytes, _length);

    public void Dispose() => NativeMemory.Free(_bytes);
}
