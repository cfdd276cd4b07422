using System.Buffers.Binary;
using System.Diagnostics;
using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Puts a random value under a random key.</summary>
/// <param name="stamped">Whether the value starts with the time of sending, for the watch workload.</param>
internal sealed class PutOperation(KeySpace keys, ValuePool values, bool stamped = false) : Operation(Methods.Put)
{
    private readonly RequestTemplate _template =
        new(new PutRequest { Key = keys.PlaceholderString(), Value = values.PlaceholderString }, keys, values, 0);

    public override ReadOnlySpan<byte> Prepare(SplitMix random)
    {
        var request = _template.Fill(random.Next(keys.Count), random);
        if (stamped)
        {
            BinaryPrimitives.WriteInt64LittleEndian(request[_template.ValueOffset..], Stopwatch.GetTimestamp());
        }

        return request;
    }

    public override long Verify(ReadOnlySpan<byte> response) => RequireRevision(ResponseReader.ReadRevision(response));
}
