using System.Buffers.Binary;

namespace Krewe.Api.Hosting.Keepalive;

/// <summary>Finds the heads of HTTP/2 frames in one direction of a connection, however its bytes are cut.</summary>
internal sealed class FrameScanner(long prefaceBytes, Action<FrameHeader> found)
{
    private readonly byte[] _head = new byte[FrameHeader.Size];
    private long _skip = prefaceBytes;
    private int _headLength;

    /// <summary>Whether the last frame is complete.</summary>
    public bool IsBetweenFrames => _skip == 0 && _headLength == 0;

    public void Scan(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var skipped = (int)Math.Min(_skip, bytes.Length);
            _skip -= skipped;
            bytes = bytes[skipped..];
            if (bytes.IsEmpty)
            {
                return;
            }

            var taken = Math.Min(FrameHeader.Size - _headLength, bytes.Length);
            bytes[..taken].CopyTo(_head.AsSpan(_headLength));
            _headLength += taken;
            bytes = bytes[taken..];
            if (_headLength == FrameHeader.Size)
            {
                _headLength = 0;
                _skip = (_head[0] << 16) | (_head[1] << 8) | _head[2];
                found(new FrameHeader(_head[3], _head[4], BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(5)) & int.MaxValue));
            }
        }
    }
}
