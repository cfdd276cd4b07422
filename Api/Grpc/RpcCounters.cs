using Grpc.Core;

namespace Krewe.Api.Grpc;

/// <summary>Counts of one RPC, kept as plain numbers on the hot path and exported when they are scraped.</summary>
internal sealed class RpcCounters
{
    private readonly long[] _handled = new long[GrpcStatusText.Count];
    private long _started;
    private long _received;
    private long _sent;
    private long _receivedBytes;
    private long _sentBytes;

    public long StartedTotal => Volatile.Read(ref _started);

    public long ReceivedTotal => Volatile.Read(ref _received);

    public long SentTotal => Volatile.Read(ref _sent);

    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>Seconds per call, only with extensive metrics.</summary>
    public Action<double>? ObserveSeconds { get; set; }

    public long HandledTotal(StatusCode code) => Volatile.Read(ref _handled[(int)code]);

    public void Started() => Interlocked.Increment(ref _started);

    public void Handled(StatusCode code) => Interlocked.Increment(ref _handled[(int)code]);

    public void Received(long bytes)
    {
        Interlocked.Increment(ref _received);
        Interlocked.Add(ref _receivedBytes, bytes);
    }

    public void Sent(long bytes)
    {
        Interlocked.Increment(ref _sent);
        Interlocked.Add(ref _sentBytes, bytes);
    }
}
