using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Tests.Fakes;

/// <summary>Members that judge watchers as the test says, and do nothing else.</summary>
internal sealed class FakeRemoteRpcs(Func<EtcdError> judge) : IRemoteRpcs
{
    public ValueTask<RpcReply> CallAsync(RpcRequest request, Func<RpcRequest, bool> isRepeatable, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<RpcPart> StreamAsync(RpcRequest request, Func<RpcRequest, bool> isRepeatable, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<EtcdError> CheckReadAsync(
        string? token, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd, CancellationToken cancellationToken) => new(judge());
}
