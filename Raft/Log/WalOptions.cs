using System.Security.Cryptography;

namespace Krewe.Raft.Log;

/// <summary>How a <see cref="WriteAheadLog"/> uses its disk and memory.</summary>
public sealed record WalOptions
{
    /// <summary>The least <see cref="SegmentBytes"/>: one page.</summary>
    public const int MinSegmentBytes = 4 * 1024;

    /// <summary>The largest segment, and so the largest batch, in bytes. Offsets in a segment are 32-bit.</summary>
    public const int MaxSegmentBytes = 1024 * 1024 * 1024;

    /// <summary>Size in bytes that a segment file is preallocated to. A batch that is larger gets a segment of its own size.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Skip every fdatasync (--unsafe-no-fsync). A crash of the machine may then lose or damage the log.</summary>
    public bool NoSync { get; init; }

    /// <summary>Preallocate the next segment on a pool thread. Off in simulations, where it happens on the writer thread.</summary>
    public bool PreallocateInBackground { get; init; } = true;

    /// <summary>After a failed preallocation the next attempt waits at least this long.</summary>
    public TimeSpan PreallocateRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Clock for durations and retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gives each new segment the number that its records are bound to, so that bytes of a stored value can't be taken for a record.</summary>
    public Func<uint> NextSalt { get; init; } = static () => (uint)RandomNumberGenerator.GetInt32(int.MinValue, int.MaxValue);

    /// <summary>Told about writes and syncs.</summary>
    public IWalObserver? Observer { get; init; }

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> if a value is out of its range.</summary>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, MinSegmentBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SegmentBytes, MaxSegmentBytes);
    }
}
