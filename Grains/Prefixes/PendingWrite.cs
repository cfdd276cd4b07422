using System.Threading.Tasks.Sources;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Prefixes;

/// <summary>A write that waits for its batch. Pooled: the awaiting caller returns it by consuming the result.</summary>
internal sealed class PendingWrite : IValueTaskSource<KvResult>
{
    private const int MaxPooled = 4096;

    private static readonly System.Collections.Concurrent.ConcurrentQueue<PendingWrite> Pool = new();

    // Answers of one batch are written one after another on the thread that got the batch's reply: waking a thread for each cost
    // 6 of 24 µs of CPU a put (docs/decisions/0003).
    private ManualResetValueTaskSourceCore<KvResult> _source = new() { RunContinuationsAsynchronously = false };

    private PendingWrite()
    {
    }

    public KvOperation Operation { get; private set; } = null!;

    /// <summary>When it was queued, as a timestamp.</summary>
    public long QueuedAt { get; private set; }

    public static PendingWrite Rent(KvOperation operation, long queuedAt)
    {
        if (!Pool.TryDequeue(out var write))
        {
            write = new PendingWrite();
        }

        write.Operation = operation;
        write.QueuedAt = queuedAt;
        return write;
    }

    public ValueTask<KvResult> AsValueTask() => new(this, _source.Version);

    public void Complete(in KvOutcome outcome)
    {
        if (outcome.Error == EtcdError.None)
        {
            _source.SetResult(outcome.Result!);
        }
        else
        {
            _source.SetException(new EtcdException(outcome.Error));
        }
    }

    KvResult IValueTaskSource<KvResult>.GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
            Operation = null!;
            if (Pool.Count < MaxPooled)
            {
                Pool.Enqueue(this);
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<KvResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<KvResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
