using System.Buffers;

namespace Krewe.Api.Wire;

/// <summary>Collects a message whose size is known into one array of exactly that size.</summary>
internal sealed class FixedBufferWriter : IBufferWriter<byte>
{
    private readonly byte[] _buffer;
    private byte[]? _slack;
    private int _position;

    public FixedBufferWriter(int size) => _buffer = new byte[size];

    /// <summary>The array; it must have been filled.</summary>
    public byte[] ToArray() => _position == _buffer.Length
        ? _buffer
        : throw new InvalidOperationException($"{_position} of {_buffer.Length} bytes written");

    public void Advance(int count)
    {
        if (count > _buffer.Length - _position)
        {
            throw new InvalidOperationException("more bytes written than announced");
        }

        _slack?.AsSpan(0, count).CopyTo(_buffer.AsSpan(_position));
        _slack = null;
        _position += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        // Near its end a writer may ask for more room than it will use.
        _slack = _buffer.Length - _position < Math.Max(sizeHint, 1) ? new byte[Math.Max(sizeHint, 1)] : null;
        return _slack ?? _buffer.AsMemory(_position);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
