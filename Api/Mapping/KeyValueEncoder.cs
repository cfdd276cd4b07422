using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>mvccpb.KeyValue.</summary>
internal static class KeyValueEncoder
{
    public static int Size(in KeyValue kv) =>
        ProtoSize.Bytes(kv.Key.Length)
        + ProtoSize.Field(kv.CreateRevision)
        + ProtoSize.Field(kv.ModRevision)
        + ProtoSize.Field(kv.Version)
        + ProtoSize.Bytes(kv.Value.Length)
        + ProtoSize.Field(kv.Lease);

    /// <summary>Writes it as message field <paramref name="number"/>.</summary>
    public static void Write(ref ProtoWriter writer, int number, in KeyValue kv)
    {
        writer.Message(number, Size(kv));
        writer.Bytes(1, kv.Key.Span);
        writer.Field(2, kv.CreateRevision);
        writer.Field(3, kv.ModRevision);
        writer.Field(4, kv.Version);
        writer.Bytes(5, kv.Value.Span);
        writer.Field(6, kv.Lease);
    }
}
