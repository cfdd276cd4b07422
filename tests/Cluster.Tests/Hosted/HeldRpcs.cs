using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Cluster.Tests.Hosted;

/// <summary>Answers an RPC with its own payload; those of one path never end unless they are cancelled.</summary>
internal sealed class HeldRpcs : ILocalRpcs, IDisposable
{
    public const string Endless = "/endless";

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _opened;

    /// <summary>An endless RPC has begun.</summary>
    public Task Reached => _reached.Task;

    /// <summary>An endless RPC was cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    public async ValueTask<RpcReply> CallAsync(RpcRequest request, CancellationToken cancellationToken)
    {
        if (request.Method == Endless)
        {
            await using var registration = cancellationToken.Register(_cancelled.SetResult);
            _reached.SetResult();
            await _released.Task.WaitAsync(cancellationToken);
        }

        return new RpcReply(0, null, request.Payload);
    }

    /// <summary>A stream is being opened.</summary>
    public Task Opening => _opening.Task;

    /// <summary>How many streams were opened.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>Streams are opened once this is set.</summary>
    public ManualResetEventSlim MayOpen { get; } = new(true);

    public ILocalRpcStream Open(RpcRequest request)
    {
        _opening.TrySetResult();
        MayOpen.Wait();
        Interlocked.Increment(ref _opened);
        return new SilentStream();
    }

    /// <summary>Ends what is still held, so that silos can stop.</summary>
    public void Release()
    {
        MayOpen.Set();
        _released.TrySetResult();
    }

    public void Dispose() => MayOpen.Dispose();
}
