using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Krewe.Grains.Gateway;

/// <summary>An RPC of this member that a gateway fetches the answers of.</summary>
[Reentrant]
[PreferLocalPlacement]
[Immovable]
[CollectionAgeLimit(Minutes = 2)]
public sealed class RpcStreamGrain(IMemberStatus status, IAuthClient auth, ILocalRpcs rpcs) : Grain, IRpcStreamGrain
{
    /// <summary>A fetch ends with the answer that reaches this many bytes.</summary>
    public const long MaxAnswerBytes = 4L << 20;

    private ILocalRpcStream? _stream;
    private IGrainTimer? _idle;
    private Task? _opening;
    private bool _isClosed;

    public async Task<MemberSnapshot> StartAsync(RpcRequest request)
    {
        // Claimed before anything is waited for: of two calls at once only one opens the RPC.
        await (_opening ??= OpenAsync(request));
        return Snapshot();
    }

    public async Task<MemberReply<RpcPart>> ReadAsync(TimeSpan wait)
    {
        if (_stream is not { } stream)
        {
            DeactivateOnIdle();
            throw new EtcdException(EtcdError.Stopped);
        }

        _idle?.Change(IRpcStreamGrain.MaxIdle + wait, Timeout.InfiniteTimeSpan);
        using var limit = new CancellationTokenSource(wait);
        try
        {
            return new(await stream.ReadAsync(MaxAnswerBytes, limit.Token), Snapshot());
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(new RpcPart([], null), Snapshot());
        }
    }

    public async Task CloseAsync()
    {
        await CloseStreamAsync();
        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => CloseStreamAsync().AsTask();

    private Task AbandonAsync(CancellationToken cancellationToken) => CloseAsync();

    private async Task OpenAsync(RpcRequest request)
    {
        // Away from the grain's scheduler, which has one call run at a time.
        var stream = await Task.Run(() => rpcs.Open(request));
        if (_isClosed)
        {
            await stream.DisposeAsync();
            throw new EtcdException(EtcdError.Stopped);
        }

        _stream = stream;
        _idle = this.RegisterGrainTimer(AbandonAsync, new GrainTimerCreationOptions(IRpcStreamGrain.MaxIdle, Timeout.InfiniteTimeSpan));
    }

    private async ValueTask CloseStreamAsync()
    {
        _isClosed = true;
        _idle?.Dispose();
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync();
        }
    }

    private MemberSnapshot Snapshot() => MemberSnapshot.Of(status, auth.View.Enabled);
}
