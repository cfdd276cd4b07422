using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.PutResponse.</summary>
internal static class PutResponseEncoder
{
    public static int Size(in ResponseHeaderValue header, PutResult result) =>
        ProtoSize.Message(header.Size) + (result.PrevKv is { } kv ? ProtoSize.Message(KeyValueEncoder.Size(kv)) : 0);

    public static void Write(ref ProtoWriter writer, in ResponseHeaderValue header, PutResult result)
    {
        header.Write(ref writer);
        if (result.PrevKv is { } kv)
        {
            KeyValueEncoder.Write(ref writer, 2, kv);
        }
    }
}
