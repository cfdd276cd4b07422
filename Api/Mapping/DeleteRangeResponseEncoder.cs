using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.DeleteRangeResponse.</summary>
internal static class DeleteRangeResponseEncoder
{
    public static int Size(in ResponseHeaderValue header, DeleteRangeResult result)
    {
        var size = ProtoSize.Message(header.Size) + ProtoSize.Field(result.Deleted);
        for (var i = 0; i < result.PrevKvs.Count; i++)
        {
            size += ProtoSize.Message(KeyValueEncoder.Size(result.PrevKvs[i]));
        }

        return size;
    }

    public static void Write(ref ProtoWriter writer, in ResponseHeaderValue header, DeleteRangeResult result)
    {
        header.Write(ref writer);
        writer.Field(2, result.Deleted);
        for (var i = 0; i < result.PrevKvs.Count; i++)
        {
            KeyValueEncoder.Write(ref writer, 3, result.PrevKvs[i]);
        }
    }
}
