namespace Krewe.Api.Metrics;

/// <summary>etcd_network_server_stream_failures_total: streams that broke, by direction and API.</summary>
internal sealed class StreamFailureCounters
{
    public const int WatchApi = 0;
    public const int LeaseKeepAliveApi = 1;

    private readonly long[] _counts = new long[4];

    public void Count(int api, bool isSend) => Interlocked.Increment(ref _counts[(api * 2) + (isSend ? 0 : 1)]);

    public long Read(int api, bool isSend) => Volatile.Read(ref _counts[(api * 2) + (isSend ? 0 : 1)]);
}
