namespace Krewe.Benchmarks.Http2;

/// <content>Flow control: windows in both directions, and messages that wait for the server's.</content>
internal sealed partial class Http2Connection
{
    private void QueueMessage(Http2Stream stream, ReadOnlySpan<byte> message, bool endStream)
    {
        var before = stream.Unsent;
        var unsent = new byte[before.Length + MessageAssembler.PrefixSize + message.Length];
        before.CopyTo(unsent, 0);
        WritePrefix(unsent.AsSpan(before.Length), message.Length);
        message.CopyTo(unsent.AsSpan(before.Length + MessageAssembler.PrefixSize));
        stream.Unsent = unsent;
        stream.EndsAfterUnsent = endStream;
        if (before.Length == 0)
        {
            _blocked.Enqueue(stream);
        }

        SendBlocked();
    }

    private void SendBlocked()
    {
        for (var remaining = _blocked.Count; remaining > 0 && _sendWindow > 0; remaining--)
        {
            var stream = _blocked.Dequeue();
            SendUnsent(stream);
            if (stream.Unsent.Length > 0)
            {
                _blocked.Enqueue(stream);
            }
        }
    }

    private void SendUnsent(Http2Stream stream)
    {
        var unsent = stream.Unsent.AsSpan();
        while (!unsent.IsEmpty)
        {
            var count = Math.Min(Math.Min(unsent.Length, _sendFrameSize), Math.Min(_sendWindow, stream.SendWindow));
            if (count <= 0)
            {
                break;
            }

            var isLast = count == unsent.Length && stream.EndsAfterUnsent;
            _send.AppendFrame(FrameType.Data, isLast ? FrameFlags.EndStream : FrameFlags.None, stream.Id, unsent[..count]);
            _sendWindow -= count;
            stream.SendWindow -= count;
            unsent = unsent[count..];
        }

        stream.Unsent = unsent.ToArray();
    }

    private void Acknowledge(FrameHeader header, int count)
    {
        _unacknowledged += count;
        if (_unacknowledged > ConnectionWindow / 2)
        {
            _send.AppendWindowUpdate(0, _unacknowledged);
            _unacknowledged = 0;
        }

        if (!header.Has(FrameFlags.EndStream) && _streams.TryGetValue(header.StreamId, out var stream))
        {
            stream.Unacknowledged += count;
            if (stream.Unacknowledged > StreamWindow / 2)
            {
                _send.AppendWindowUpdate(stream.Id, stream.Unacknowledged);
                stream.Unacknowledged = 0;
            }
        }
    }

    private void ChangeStreamWindow(int window)
    {
        foreach (var stream in _streams.Values)
        {
            stream.SendWindow += window - _streamSendWindow;
        }

        _streamSendWindow = window;
        SendBlocked();
    }

    private void OnWindowUpdate(int streamId, int increment)
    {
        if (streamId == 0)
        {
            _sendWindow += increment;
        }
        else if (_streams.TryGetValue(streamId, out var stream))
        {
            stream.SendWindow += increment;
        }

        if (_blocked.Count > 0)
        {
            SendBlocked();
        }
    }
}
