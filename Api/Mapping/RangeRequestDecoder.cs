using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.RangeRequest.</summary>
internal static class RangeRequestDecoder
{
    public static RangeRequest Decode(ref ProtoReader reader)
    {
        ReadOnlyMemory<byte> key = default, rangeEnd = default;
        long limit = 0, revision = 0, minMod = 0, maxMod = 0, minCreate = 0, maxCreate = 0;
        int order = 0, target = 0;
        bool serializable = false, keysOnly = false, countOnly = false;
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case 10: key = reader.ReadBytes(); break;
                case 18: rangeEnd = reader.ReadBytes(); break;
                case 24: limit = reader.ReadInt64(); break;
                case 32: revision = reader.ReadInt64(); break;
                case 40: order = reader.ReadEnum(); break;
                case 48: target = reader.ReadEnum(); break;
                case 56: serializable = reader.ReadBool(); break;
                case 64: keysOnly = reader.ReadBool(); break;
                case 72: countOnly = reader.ReadBool(); break;
                case 80: minMod = reader.ReadInt64(); break;
                case 88: maxMod = reader.ReadInt64(); break;
                case 96: minCreate = reader.ReadInt64(); break;
                case 104: maxCreate = reader.ReadInt64(); break;
                default: reader.Skip(tag); break;
            }
        }

        return new RangeRequest
        {
            Key = key,
            RangeEnd = rangeEnd,
            Limit = limit,
            Revision = revision,
            SortOrder = (SortOrder)order,
            SortTarget = (SortTarget)target,
            Serializable = serializable,
            KeysOnly = keysOnly,
            CountOnly = countOnly,
            MinModRevision = minMod,
            MaxModRevision = maxMod,
            MinCreateRevision = minCreate,
            MaxCreateRevision = maxCreate,
        };
    }
}
