namespace Krewe.Silo.Configuration.Options;

/// <summary>What a client may ask for.</summary>
public sealed record RequestLimitOptions
{
    /// <summary>The largest <c>--max-request-bytes</c>: leaves room for framing below .NET's largest array.</summary>
    public const int LargestMaxRequestBytes = int.MaxValue - (1024 * 1024);

    /// <summary><c>--max-txn-ops</c> (behaviour 80).</summary>
    public required int MaxTxnOps { get; init; }

    /// <summary><c>--max-request-bytes</c> (behaviour 64).</summary>
    public required int MaxRequestBytes { get; init; }

    /// <summary><c>--max-concurrent-streams</c> per client connection.</summary>
    public required uint MaxConcurrentStreams { get; init; }

    /// <summary><c>--warning-unary-request-duration</c>.</summary>
    public required TimeSpan WarningUnaryRequestDuration { get; init; }

    /// <summary><c>--warning-apply-duration</c>.</summary>
    public required TimeSpan WarningApplyDuration { get; init; }

    /// <summary>What is wrong with these options, or null. A value beyond <see cref="int"/> arrives here as -1.</summary>
    public string? Validate() =>
        MaxTxnOps < 0 ? $"--max-txn-ops must be at most {int.MaxValue}"
        : MaxRequestBytes is < 0 or > LargestMaxRequestBytes ? $"--max-request-bytes must be at most {LargestMaxRequestBytes}"
        : WarningUnaryRequestDuration < TimeSpan.Zero ? "--warning-unary-request-duration must not be negative"
        : WarningApplyDuration < TimeSpan.Zero ? "--warning-apply-duration must not be negative"
        : null;
}
