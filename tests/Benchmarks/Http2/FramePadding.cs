namespace Krewe.Benchmarks.Http2;

/// <summary>Removes the padding and priority fields that may surround a DATA or HEADERS payload.</summary>
internal static class FramePadding
{
    private const int PriorityBytes = 5;

    public static ReadOnlySpan<byte> Strip(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Padded))
        {
            if (payload.IsEmpty || payload[0] >= payload.Length)
            {
                throw new Http2Exception("padding is longer than the frame");
            }

            payload = payload[1..^payload[0]];
        }

        if (header.Type == FrameType.Headers && header.Has(FrameFlags.Priority))
        {
            if (payload.Length < PriorityBytes)
            {
                throw new Http2Exception("HEADERS frame ends inside its priority field");
            }

            payload = payload[PriorityBytes..];
        }

        return payload;
    }
}
