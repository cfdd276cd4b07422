using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Services.Watch;

/// <summary>Writes watch responses; two loops share it, so it is entered and left like a lock.</summary>
internal sealed class WatchWriter(GrpcCall call, int fragmentBytes) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _unflushedBytes;

    public Task EnterAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void Exit() => _turn.Release();

    public void Dispose() => _turn.Dispose();

    /// <summary>Sends one response of the receive loop.</summary>
    public async ValueTask SendControlAsync(WatchResponseValue response, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            await WriteAsync(response);
            await FlushAsync();
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Writes a response without events.</summary>
    public ValueTask WriteAsync(in WatchResponseValue response) => WriteSliceAsync(response, [], 0, 0, false, response.Size);

    /// <summary>Writes a response with events, in fragments if it is large and the watcher takes them (behaviours 150, 151).</summary>
    public ValueTask WriteEventsAsync(in WatchResponseValue response, IReadOnlyList<WatchEvent> events, WatcherState watcher)
    {
        var size = response.Size;
        for (var i = 0; i < events.Count; i++)
        {
            size += WatchEventEncoder.Encode(events[i], watcher.PrevKv).Length;
        }

        return watcher.Fragment && size >= fragmentBytes && events.Count > 1
            ? WriteFragmentsAsync(response, events, watcher.PrevKv)
            : WriteSliceAsync(response, events, 0, events.Count, watcher.PrevKv, size);
    }

    public async ValueTask FlushAsync()
    {
        _unflushedBytes = 0;
        await call.FlushAsync();
    }

    private async ValueTask WriteFragmentsAsync(WatchResponseValue response, IReadOnlyList<WatchEvent> events, bool prevKv)
    {
        for (var start = 0; start < events.Count;)
        {
            var size = (response with { Fragment = true }).Size;
            var end = start;
            do
            {
                size += WatchEventEncoder.Encode(events[end++], prevKv).Length;
            }
            while (end < events.Count && size + WatchEventEncoder.Encode(events[end], prevKv).Length < fragmentBytes);

            var fragment = response with { Fragment = end < events.Count };
            size += fragment.Size - (response with { Fragment = true }).Size;
            await WriteSliceAsync(fragment, events, start, end, prevKv, size);
            start = end;
        }
    }

    private async ValueTask WriteSliceAsync(
        WatchResponseValue response, IReadOnlyList<WatchEvent> events, int start, int end, bool prevKv, int size)
    {
        call.WritePrefix(size);
        WriteFields(response);
        for (var i = start; i < end; i++)
        {
            var encoded = WatchEventEncoder.Encode(events[i], prevKv);
            WriteRaw(encoded);
            _unflushedBytes += encoded.Length;
            if (_unflushedBytes >= RangeResponseSender.FlushBytes)
            {
                await FlushAsync();
            }
        }
    }

    private void WriteFields(in WatchResponseValue response)
    {
        var writer = new ProtoWriter(call.Output);
        response.Write(ref writer);
        writer.Flush();
    }

    private void WriteRaw(byte[] encoded)
    {
        var writer = new ProtoWriter(call.Output);
        writer.Raw(encoded);
        writer.Flush();
    }
}
