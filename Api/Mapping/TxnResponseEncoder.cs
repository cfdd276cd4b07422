using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.TxnResponse. Sizes of nested messages are measured once and kept in visiting order for the writing pass.</summary>
internal sealed class TxnResponseEncoder
{
    [ThreadStatic]
    private static TxnResponseEncoder? _shared;

    private readonly List<int> _sizes = [];
    private int _next;

    /// <summary>This thread's encoder; its state lives from <see cref="Measure"/> to <see cref="Write"/> without an await between them.</summary>
    public static TxnResponseEncoder Shared => _shared ??= new TxnResponseEncoder();

    public int Measure(in ResponseHeaderValue header, TxnResult result)
    {
        _sizes.Clear();
        _next = 0;
        return MeasureTxn(header, result);
    }

    public void Write(ref ProtoWriter writer, in ResponseHeaderValue header, TxnResult result)
    {
        header.Write(ref writer);
        writer.Field(2, result.Succeeded);
        for (var i = 0; i < result.Responses.Count; i++)
        {
            var inner = _sizes[_next++];
            writer.Message(3, ProtoSize.Message(inner));
            WriteOp(ref writer, result.Responses[i], inner);
        }
    }

    private int MeasureTxn(in ResponseHeaderValue header, TxnResult result)
    {
        var size = ProtoSize.Message(header.Size) + ProtoSize.Field(result.Succeeded);
        for (var i = 0; i < result.Responses.Count; i++)
        {
            var slot = _sizes.Count;
            _sizes.Add(0);
            var inner = MeasureOp(result.Responses[i]);
            _sizes[slot] = inner;
            size += ProtoSize.Message(ProtoSize.Message(inner));
        }

        return size;
    }

    private int MeasureOp(KvResult result) => result switch
    {
        RangeResult range => RangeResponseEncoder.Size(ResponseHeaderValue.Inner(range.Revision), range),
        PutResult put => PutResponseEncoder.Size(ResponseHeaderValue.Inner(put.Revision), put),
        DeleteRangeResult delete => DeleteRangeResponseEncoder.Size(ResponseHeaderValue.Inner(delete.Revision), delete),

        // Present but empty (behaviour 71).
        TxnResult txn => MeasureTxn(default, txn),
        _ => throw new InvalidOperationException($"no response for {result.GetType().Name}"),
    };

    private void WriteOp(ref ProtoWriter writer, KvResult result, int size)
    {
        switch (result)
        {
            case RangeResult range:
                writer.Message(1, size);
                RangeResponseEncoder.Write(ref writer, ResponseHeaderValue.Inner(range.Revision), range);
                break;
            case PutResult put:
                writer.Message(2, size);
                PutResponseEncoder.Write(ref writer, ResponseHeaderValue.Inner(put.Revision), put);
                break;
            case DeleteRangeResult delete:
                writer.Message(3, size);
                DeleteRangeResponseEncoder.Write(ref writer, ResponseHeaderValue.Inner(delete.Revision), delete);
                break;
            case TxnResult txn:
                writer.Message(4, size);
                Write(ref writer, default, txn);
                break;
        }
    }
}
