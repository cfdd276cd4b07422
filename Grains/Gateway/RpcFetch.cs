using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Grains.Gateway;

/// <summary>Fetches the answers of one RPC from a member; every failure means that the member is lost. To dispose it cancels the RPC.</summary>
internal sealed class RpcFetch(IRpcStreamGrain relay, RpcRequest request, GatewayStatus status, MemberLoss loss, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Longest wait of one fetch.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <summary>How much longer than its own wait a member may take to answer before it is given up.</summary>
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromSeconds(5);

    private bool _isUsed;

    /// <summary>
    /// The member has begun the RPC. From then on no failure of a fetch says that it had no effect: it is the fetch that had none.
    /// </summary>
    public bool HasStarted { get; private set; }

    /// <summary>The next part; one without answers from time to time.</summary>
    public async ValueTask<RpcPart> NextAsync(CancellationToken cancellationToken)
    {
        if (!_isUsed)
        {
            _isUsed = true;
            status.Observe(await AnswerAsync(relay.StartAsync(request), cancellationToken).ConfigureAwait(false));
            HasStarted = true;
        }

        var reply = await AnswerAsync(relay.ReadAsync(Wait), cancellationToken).ConfigureAwait(false);
        status.Observe(reply.Member);
        return reply.Value;
    }

    /// <summary>Does not wait for the member: it may be gone, and it gives up by itself when nobody fetches.</summary>
    public ValueTask DisposeAsync()
    {
        if (_isUsed)
        {
            _ = CloseAsync();
        }

        return ValueTask.CompletedTask;
    }

    private async Task CloseAsync() => await relay.CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Other than a watch an RPC can not go on elsewhere, so a lost connection may prove to have been another member's.</summary>
    private async Task<T> AnswerAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(call, loss.Next).WaitAsync(Wait + AnswerMargin, time, cancellationToken).ConfigureAwait(false) != call)
        {
            await call.WaitAsync(Wait + MemberCalls.LossGrace, time, cancellationToken).ConfigureAwait(false);
        }

        return await call.ConfigureAwait(false);
    }
}
