using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>If the key exists (it does), puts it; otherwise reads it.</summary>
/// <param name="readsToo">Whether the transaction also reads the key it has put.</param>
internal sealed class TxnOperation(KeySpace keys, ValuePool values, bool readsToo) : Operation(Methods.Txn)
{
    private readonly RequestTemplate _template = new(Request(keys, values, readsToo), keys, values, 0);

    public override ReadOnlySpan<byte> Prepare(SplitMix random) => _template.Fill(random.Next(keys.Count), random);

    public override long Verify(ReadOnlySpan<byte> response)
    {
        var (revision, succeeded, responses) = ResponseReader.ReadTxn(response);
        if (!succeeded || responses != (readsToo ? 2 : 1))
        {
            throw new BenchmarkException($"transaction answered succeeded={succeeded} with {responses} responses");
        }

        return RequireRevision(revision);
    }

    private static TxnRequest Request(KeySpace keys, ValuePool values, bool readsToo)
    {
        var key = keys.PlaceholderString();
        var range = new RequestOp { RequestRange = new RangeRequest { Key = key } };
        var request = new TxnRequest();
        request.Compare.Add(new Compare
        {
            Key = key,
            Target = Compare.Types.CompareTarget.Create,
            Result = Compare.Types.CompareResult.Greater,
            CreateRevision = 0,
        });
        request.Success.Add(new RequestOp { RequestPut = new PutRequest { Key = key, Value = values.PlaceholderString } });
        request.Failure.Add(range);
        if (readsToo)
        {
            request.Success.Add(range.Clone());
        }

        return request;
    }
}
