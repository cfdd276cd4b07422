using System.Buffers;
using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Mapping;

/// <summary>mvccpb.Event as a field of WatchResponse: encoded once, then the same bytes go to every watcher that sees it.</summary>
internal static class WatchEventEncoder
{
    private const int EventsField = 11;

    /// <summary>Tag, length and message.</summary>
    public static byte[] Encode(WatchEvent watchEvent, bool withPrevKv)
    {
        var wanted = withPrevKv && watchEvent.PrevKv is not null;
        if ((wanted ? watchEvent.EncodedWithPrevKv : watchEvent.EncodedWithoutPrevKv) is byte[] encoded)
        {
            return encoded;
        }

        encoded = EncodeNew(watchEvent, wanted);
        if (wanted)
        {
            watchEvent.EncodedWithPrevKv = encoded;
        }
        else
        {
            watchEvent.EncodedWithoutPrevKv = encoded;
        }

        return encoded;
    }

    private static byte[] EncodeNew(WatchEvent watchEvent, bool withPrevKv)
    {
        var size = ProtoSize.Field(watchEvent.IsDelete) + ProtoSize.Message(KeyValueEncoder.Size(watchEvent.Kv));
        if (withPrevKv)
        {
            size += ProtoSize.Message(KeyValueEncoder.Size(watchEvent.PrevKv!.Value));
        }

        var buffer = new FixedBufferWriter(ProtoSize.Message(size));
        var writer = new ProtoWriter(buffer);
        writer.Message(EventsField, size);
        writer.Field(1, watchEvent.IsDelete);
        KeyValueEncoder.Write(ref writer, 2, watchEvent.Kv);
        if (withPrevKv)
        {
            KeyValueEncoder.Write(ref writer, 3, watchEvent.PrevKv!.Value);
        }

        writer.Flush();
        return buffer.ToArray();
    }
}
