using System.Numerics;

namespace Krewe.Benchmarks.Measurement;

/// <summary>
/// Counts of durations in logarithmic buckets: each power of two is cut into <see cref="SubBuckets"/> equal parts, so a
/// percentile is at most 1/128 above the true value. Not thread-safe; merge one per thread.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 7;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int BucketCount = (64 - SubBucketBits) * SubBuckets;

    private readonly long[] _counts = new long[BucketCount];
    private double _sum;

    public long Count { get; private set; }

    /// <summary>The largest value recorded, exactly.</summary>
    public long Max { get; private set; }

    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <param name="nanoseconds">Negative values count as 0.</param>
    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        _counts[IndexOf(nanoseconds)]++;
        _sum += nanoseconds;
        Count++;
        Max = Math.Max(Max, nanoseconds);
    }

    public void Merge(LatencyHistogram other)
    {
        for (var i = 0; i < BucketCount; i++)
        {
            _counts[i] += other._counts[i];
        }

        _sum += other._sum;
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The least value (rounded up to its bucket's end) that at least this share of the records does not exceed.</summary>
    /// <param name="share">0 to 1, for example 0.99.</param>
    public long Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < BucketCount; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return Math.Min(Max, HighestOf(i));
            }
        }

        return Max;
    }

    // Values below 2 * SubBuckets have a bucket each; above, a bucket is 2^shift wide.
    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)value) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(value >> shift);
    }

    private static long HighestOf(int index)
    {
        var shift = Math.Max(0, (index >> SubBucketBits) - 1);
        var top = (long)index - ((long)shift << SubBucketBits);
        return ((top + 1) << shift) - 1;
    }
}
