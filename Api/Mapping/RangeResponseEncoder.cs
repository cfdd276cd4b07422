using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.RangeResponse. A null header is left out (behaviour 44).</summary>
internal static class RangeResponseEncoder
{
    public static int Size(in ResponseHeaderValue? header, RangeResult result)
    {
        var size = header is { } h ? ProtoSize.Message(h.Size) : 0;
        foreach (ref readonly var kv in result.Kvs.AsSpan())
        {
            size += ProtoSize.Message(KeyValueEncoder.Size(kv));
        }

        return size + ProtoSize.Field(result.More) + ProtoSize.Field(result.Count);
    }

    public static void Write(ref ProtoWriter writer, in ResponseHeaderValue? header, RangeResult result)
    {
        header?.Write(ref writer);
        foreach (ref readonly var kv in result.Kvs.AsSpan())
        {
            KeyValueEncoder.Write(ref writer, 2, kv);
        }

        WriteTail(ref writer, result);
    }

    public static void WriteTail(ref ProtoWriter writer, RangeResult result)
    {
        writer.Field(3, result.More);
        writer.Field(4, result.Count);
    }
}
