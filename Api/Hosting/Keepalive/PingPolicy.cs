namespace Krewe.Api.Hosting.Keepalive;

/// <summary>
/// How often one connection's client may ping (behaviour 342), with gRPC's rules: a ping that comes too early is a strike, the third strike is one too
/// many, and anything that the server sends on a stream forgives all. Without a stream no ping is due within <see cref="IdleMinTime"/>.
/// </summary>
internal sealed class PingPolicy(TimeSpan minTime, TimeProvider time)
{
    /// <summary>Pings that may come too early.</summary>
    public const int MaxStrikes = 2;

    /// <summary>Shortest interval between pings on a connection without streams.</summary>
    public static readonly TimeSpan IdleMinTime = TimeSpan.FromHours(2);

    /// <summary>gRPC's own, which etcd leaves in force where its flag is 0.</summary>
    public static readonly TimeSpan DefaultMinTime = TimeSpan.FromMinutes(5);

    private long? _lastPing;
    private int _strikes;
    private bool _isForgiven;

    /// <summary>The server sent headers or data. From any thread.</summary>
    public void Forgive()
    {
        if (!Volatile.Read(ref _isForgiven))
        {
            Volatile.Write(ref _isForgiven, true);
        }
    }

    /// <summary>Judges a ping; false if the client has gone too far.</summary>
    public bool Allows(bool hasStreams)
    {
        var now = time.GetTimestamp();
        var isEarly = _lastPing is { } last && time.GetElapsedTime(last, now) < (hasStreams ? minTime : IdleMinTime);
        _lastPing = now;
        if (Interlocked.Exchange(ref _isForgiven, false))
        {
            _strikes = 0;
        }
        else if (isEarly)
        {
            _strikes++;
        }

        return _strikes <= MaxStrikes;
    }
}
