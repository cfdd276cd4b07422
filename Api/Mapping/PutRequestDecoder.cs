using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.PutRequest.</summary>
internal static class PutRequestDecoder
{
    public static PutRequest Decode(ref ProtoReader reader)
    {
        ReadOnlyMemory<byte> key = default, value = default;
        long lease = 0;
        bool prevKv = false, ignoreValue = false, ignoreLease = false;
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case 10: key = reader.ReadBytes(); break;
                case 18: value = reader.ReadBytes(); break;
                case 24: lease = reader.ReadInt64(); break;
                case 32: prevKv = reader.ReadBool(); break;
                case 40: ignoreValue = reader.ReadBool(); break;
                case 48: ignoreLease = reader.ReadBool(); break;
                default: reader.Skip(tag); break;
            }
        }

        return new PutRequest
        {
            Key = key,
            Value = value,
            Lease = lease,
            PrevKv = prevKv,
            IgnoreValue = ignoreValue,
            IgnoreLease = ignoreLease,
        };
    }
}
