using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Writes the key space in order, <see cref="KeysPerTxn"/> keys a transaction, before a run.</summary>
internal sealed class LoadKeysOperation(KeySpace keys, ValuePool values) : Operation(Methods.Txn)
{
    /// <summary>Below etcd's default limit of 128 operations.</summary>
    public const int KeysPerTxn = 100;

    private readonly RequestTemplate _template =
        new(Request(keys, values), keys, values, [.. Enumerable.Range(0, KeysPerTxn)]);

    private long _nextIndex;

    public bool IsFinished => _nextIndex >= keys.Count;

    public override ReadOnlySpan<byte> Prepare(SplitMix random)
    {
        var index = _nextIndex;
        _nextIndex += KeysPerTxn;
        return _template.Fill(index, random);
    }

    public override long Verify(ReadOnlySpan<byte> response)
    {
        var (revision, succeeded, responses) = ResponseReader.ReadTxn(response);
        return succeeded && responses == KeysPerTxn
            ? RequireRevision(revision)
            : throw new BenchmarkException("loading the keys failed");
    }

    private static TxnRequest Request(KeySpace keys, ValuePool values)
    {
        var request = new TxnRequest();
        for (var i = 0; i < KeysPerTxn; i++)
        {
            var put = new PutRequest { Key = keys.PlaceholderString(i), Value = values.PlaceholderString };
            request.Success.Add(new RequestOp { RequestPut = put });
        }

        return request;
    }
}
