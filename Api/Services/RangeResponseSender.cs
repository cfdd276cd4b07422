using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Services;

/// <summary>Writes range answers piece by piece, so that a large one waits for a slow client instead of filling memory.</summary>
internal static class RangeResponseSender
{
    /// <summary>Bytes written between two looks at the connection.</summary>
    public const int FlushBytes = 64 * 1024;

    /// <summary>A RangeResponse.</summary>
    public static ValueTask SendAsync(GrpcCall call, in ResponseHeaderValue header, RangeResult result)
    {
        var size = RangeResponseEncoder.Size(header, result);
        call.WritePrefix(size);
        return SendBodyAsync(call, header, result, size);
    }

    /// <summary>A RangeStreamResponse around a RangeResponse, flushed.</summary>
    public static async ValueTask SendStreamedAsync(GrpcCall call, ResponseHeaderValue? header, RangeResult result)
    {
        var size = RangeResponseEncoder.Size(header, result);
        call.WritePrefix(ProtoSize.Message(size));
        WriteWrapper(call, size);
        await SendBodyAsync(call, header, result, size);
        await call.FlushAsync();
    }

    private static void WriteWrapper(GrpcCall call, int size)
    {
        var writer = new ProtoWriter(call.Output);
        writer.Message(1, size);
        writer.Flush();
    }

    private static ValueTask SendBodyAsync(GrpcCall call, in ResponseHeaderValue? header, RangeResult result, int size)
    {
        if (size > FlushBytes)
        {
            return SendLargeAsync(call, header, result);
        }

        var writer = new ProtoWriter(call.Output);
        RangeResponseEncoder.Write(ref writer, header, result);
        writer.Flush();
        return default;
    }

    private static async ValueTask SendLargeAsync(GrpcCall call, ResponseHeaderValue? header, RangeResult result)
    {
        var next = WriteSome(call, header, result, 0);
        while (next < result.Kvs.Count)
        {
            var flush = await call.FlushAsync();
            if (flush.IsCompleted)
            {
                // The client has gone: nobody reads the rest.
                return;
            }

            next = WriteSome(call, null, result, next);
        }

        var writer = new ProtoWriter(call.Output);
        RangeResponseEncoder.WriteTail(ref writer, result);
        writer.Flush();
    }

    private static int WriteSome(GrpcCall call, in ResponseHeaderValue? header, RangeResult result, int next)
    {
        var writer = new ProtoWriter(call.Output);
        header?.Write(ref writer);
        var kvs = result.Kvs.AsSpan();
        var written = 0;
        while (next < kvs.Length && written < FlushBytes)
        {
            ref readonly var kv = ref kvs[next++];
            KeyValueEncoder.Write(ref writer, 2, kv);
            written += kv.Key.Length + kv.Value.Length;
        }

        writer.Flush();
        return next;
    }
}
