using System.Buffers;

namespace Krewe.Api.Tests.Mapping;

/// <summary>Sequences in pieces, as a transport may hold them.</summary>
internal static class Segments
{
    public static ReadOnlySequence<byte> Tear(byte[] bytes, int pieceBytes)
    {
        if (bytes.Length <= pieceBytes)
        {
            return new ReadOnlySequence<byte>(bytes);
        }

        var first = new Segment(bytes.AsMemory(0, pieceBytes), 0);
        var last = first;
        for (var at = pieceBytes; at < bytes.Length; at += pieceBytes)
        {
            last = last.Append(bytes.AsMemory(at, Math.Min(pieceBytes, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
