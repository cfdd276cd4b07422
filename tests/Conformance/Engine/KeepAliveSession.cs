using Grpc.Core;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Engine;

/// <summary>One lease keepalive stream.</summary>
internal sealed class KeepAliveSession(Krewe.Api.Protos.Etcd.Lease.LeaseClient client) : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> _call =
        client.LeaseKeepAlive(deadline: DateTime.UtcNow.AddSeconds(60));

    public Task SendAsync(long id) => _call.RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = id });

    /// <summary>The next answer, or null when the server ended the stream with OK.</summary>
    public async Task<LeaseKeepAliveResponse?> NextAsync() =>
        await _call.ResponseStream.MoveNext() ? _call.ResponseStream.Current : null;

    public Task HalfCloseAsync() => _call.RequestStream.CompleteAsync();

    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        return ValueTask.CompletedTask;
    }
}
