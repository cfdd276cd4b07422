using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.Compare. A union member that does not match the target reads as zero or empty (behaviour 90).</summary>
internal static class CompareDecoder
{
    public static Compare Decode(ref ProtoReader reader)
    {
        ReadOnlyMemory<byte> key = default, rangeEnd = default, value = default;
        int result = 0, target = 0, union = 0;
        long number = 0;
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case 8: result = reader.ReadEnum(); break;
                case 16: target = reader.ReadEnum(); break;
                case 26: key = reader.ReadBytes(); break;
                case 32 or 40 or 48 or 64:
                    union = (int)(tag >> 3);
                    number = reader.ReadInt64();
                    break;
                case 58:
                    union = 7;
                    value = reader.ReadBytes();
                    break;
                case 514: rangeEnd = reader.ReadBytes(); break;
                default: reader.Skip(tag); break;
            }
        }

        var matches = union == UnionOf((CompareTarget)target);
        return new Compare
        {
            Result = (CompareResult)result,
            Target = (CompareTarget)target,
            Key = key,
            RangeEnd = rangeEnd,
            Number = matches && union != 7 ? number : 0,
            Value = matches && union == 7 ? value : default,
        };
    }

    private static int UnionOf(CompareTarget target) => target switch
    {
        CompareTarget.Version => 4,
        CompareTarget.Create => 5,
        CompareTarget.Mod => 6,
        CompareTarget.Value => 7,
        CompareTarget.Lease => 8,
        _ => 0,
    };
}
