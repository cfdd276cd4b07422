using System.Diagnostics;
using System.Globalization;
using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Servers;

/// <summary>Measures what one flush to the disk costs, since that bounds every put.</summary>
internal static class DiskProbe
{
    private const int Flushes = 200;
    private const int BlockBytes = 4096;

    public static bool IsInMemory(string directory) => Format(directory) is "tmpfs" or "ramfs";

    /// <summary>File system, and the time of writing 4 KiB in place and flushing it.</summary>
    public static string Describe(string directory)
    {
        var path = Path.Combine(directory, $"bench-flush-{Guid.NewGuid():n}");
        try
        {
            var flush = LatencySummary.Of(MeasureFlushes(path));
            return string.Create(
                CultureInfo.InvariantCulture, $"{Format(directory)}, write and flush of 4 KiB p50 {flush.P50:N0} µs, p99 {flush.P99:N0} µs");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Format(string directory)
    {
        // The mount that holds the directory is the one with the longest matching path.
        var full = Path.GetFullPath(directory);
        return DriveInfo.GetDrives()
            .Where(drive => full.StartsWith(drive.Name, StringComparison.Ordinal))
            .MaxBy(drive => drive.Name.Length)?.DriveFormat ?? "unknown";
    }

    private static LatencyHistogram MeasureFlushes(string path)
    {
        var histogram = new LatencyHistogram();
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var block = new byte[BlockBytes];
        for (var i = 0; i < Flushes; i++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, block, 0);
            RandomAccess.FlushToDisk(file);
            histogram.Record((long)Stopwatch.GetElapsedTime(startedAt).TotalNanoseconds);
        }

        return histogram;
    }
}
