using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.TxnRequest with its nested transactions.</summary>
internal static class TxnRequestDecoder
{
    /// <summary>Levels of nesting that are read; no operation budget allows more, and the stack must stay small.</summary>
    public const int MaxDepth = 1_000;

    public static TxnRequest Decode(ref ProtoReader reader) => Decode(ref reader, 0);

    private static TxnRequest Decode(ref ProtoReader reader, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new EtcdException(EtcdError.TooManyOps);
        }

        List<Compare>? compares = null;
        List<KvOperation>? success = null;
        List<KvOperation>? failure = null;
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case 10:
                    var compare = reader.ReadMessage();
                    (compares ??= new(1)).Add(CompareDecoder.Decode(ref compare));
                    break;
                case 18:
                    var then = reader.ReadMessage();
                    (success ??= new(1)).Add(DecodeOp(ref then, depth));
                    break;
                case 26:
                    var otherwise = reader.ReadMessage();
                    (failure ??= new(1)).Add(DecodeOp(ref otherwise, depth));
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return new TxnRequest
        {
            Compares = compares is null ? [] : compares,
            Success = success is null ? [] : success,
            Failure = failure is null ? [] : failure,
        };
    }

    private static KvOperation DecodeOp(ref ProtoReader reader, int depth)
    {
        KvOperation operation = MissingOperation.Instance;
        while (reader.TryReadTag(out var tag))
        {
            if (tag is not (10 or 18 or 26 or 34))
            {
                reader.Skip(tag);
                continue;
            }

            var inner = reader.ReadMessage();
            operation = tag switch
            {
                10 => RangeRequestDecoder.Decode(ref inner),
                18 => PutRequestDecoder.Decode(ref inner),
                26 => DeleteRangeRequestDecoder.Decode(ref inner),
                _ => Decode(ref inner, depth + 1),
            };
        }

        return operation;
    }
}
