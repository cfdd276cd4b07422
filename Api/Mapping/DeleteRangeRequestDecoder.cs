using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.DeleteRangeRequest.</summary>
internal static class DeleteRangeRequestDecoder
{
    public static DeleteRangeRequest Decode(ref ProtoReader reader)
    {
        ReadOnlyMemory<byte> key = default, rangeEnd = default;
        var prevKv = false;
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case 10: key = reader.ReadBytes(); break;
                case 18: rangeEnd = reader.ReadBytes(); break;
                case 24: prevKv = reader.ReadBool(); break;
                default: reader.Skip(tag); break;
            }
        }

        return new DeleteRangeRequest { Key = key, RangeEnd = rangeEnd, PrevKv = prevKv };
    }
}
