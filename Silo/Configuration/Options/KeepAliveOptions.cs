namespace Krewe.Silo.Configuration.Options;

/// <summary>HTTP/2 pings on client connections.</summary>
public sealed record KeepAliveOptions
{
    /// <summary><c>--grpc-keepalive-min-time</c>: the shortest interval at which a client may ping.</summary>
    public required TimeSpan MinTime { get; init; }

    /// <summary><c>--grpc-keepalive-interval</c>: period of the server's pings; zero switches them off.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary><c>--grpc-keepalive-timeout</c>: wait for the answer before the connection is closed.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>What is wrong with these options, or null.</summary>
    public string? Validate() =>
        MinTime < TimeSpan.Zero || Interval < TimeSpan.Zero || Timeout < TimeSpan.Zero
            ? "--grpc-keepalive-* durations must not be negative"
            : null;
}
