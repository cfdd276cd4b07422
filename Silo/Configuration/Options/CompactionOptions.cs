using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Configuration.Options;

/// <summary>Automatic compaction, and the steps of every compaction.</summary>
public sealed record CompactionOptions
{
    private const int DefaultBatchLimitRevisions = 1000;
    private const int DefaultSleepIntervalMilliseconds = 10;

    /// <summary><c>--auto-compaction-mode</c>.</summary>
    public required CompactionMode Mode { get; init; }

    /// <summary>History kept in periodic mode; zero switches automatic compaction off.</summary>
    public required TimeSpan RetentionPeriod { get; init; }

    /// <summary>Revisions kept in revision mode; 0 switches automatic compaction off.</summary>
    public required long RetentionRevisions { get; init; }

    /// <summary><c>--compaction-batch-limit</c>: revisions removed in one step; at least 1.</summary>
    public required int BatchLimitRevisions { get; init; }

    /// <summary><c>--compaction-sleep-interval</c>: pause between steps.</summary>
    public required TimeSpan SleepInterval { get; init; }

    /// <summary>Whether automatic compaction runs at all.</summary>
    public bool IsAutomatic => Mode == CompactionMode.Periodic ? RetentionPeriod > TimeSpan.Zero : RetentionRevisions > 0;

    /// <summary>Reads the five settings; a batch limit or sleep interval of 0 means the default, as in etcd.</summary>
    internal static bool TryCreate(
        CompactionMode mode, string retention, long batchLimit, TimeSpan sleepInterval, out CompactionOptions options, out string error)
    {
        error = batchLimit is < 0 or > int.MaxValue ? $"--compaction-batch-limit must be from 0 to {int.MaxValue}"
            : sleepInterval < TimeSpan.Zero ? "--compaction-sleep-interval must not be negative"
            : "";
        var period = TimeSpan.Zero;
        var revisions = 0L;
        if (error.Length == 0)
        {
            error = ReadRetention(mode, retention.Length == 0 ? "0" : retention, out period, out revisions);
        }

        options = new CompactionOptions
        {
            Mode = mode,
            RetentionPeriod = period,
            RetentionRevisions = revisions,
            BatchLimitRevisions = batchLimit == 0 ? DefaultBatchLimitRevisions : (int)batchLimit,
            SleepInterval = sleepInterval == TimeSpan.Zero ? TimeSpan.FromMilliseconds(DefaultSleepIntervalMilliseconds) : sleepInterval,
        };
        return error.Length == 0;
    }

    private static string ReadRetention(CompactionMode mode, string text, out TimeSpan period, out long revisions)
    {
        period = TimeSpan.Zero;
        revisions = 0;
        var isNumber = long.TryParse(text, out var number) && number >= 0;
        if (mode == CompactionMode.Revision)
        {
            // etcd would take a duration here for a number of nanoseconds and keep that many revisions; surely a mistake.
            revisions = number;
            return isNumber ? "" : $"--auto-compaction-retention \"{text}\" must be a number of revisions in mode revision";
        }

        if (isNumber)
        {
            var fits = number <= TimeSpan.MaxValue.TotalHours;
            period = fits ? TimeSpan.FromHours(number) : TimeSpan.Zero;
            return fits ? "" : $"--auto-compaction-retention \"{text}\" is too long";
        }

        return GoDuration.TryParse(text, out period) && period >= TimeSpan.Zero
            ? ""
            : $"--auto-compaction-retention \"{text}\" must be a number of hours or a duration such as 30m";
    }
}
