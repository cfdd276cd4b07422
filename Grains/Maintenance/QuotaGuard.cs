using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Quota;

namespace Krewe.Grains.Maintenance;

/// <summary>
/// Checks what a request may add to the store against the quota before it is proposed (behaviours 266, 267, 271). Asking the store for its
/// size is not free, so the size is read now and then and the cost of what was admitted since is added.
/// </summary>
public sealed class QuotaGuard
{
    /// <summary>How long a reading of the store's size is good for.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(500);

    private readonly Func<long> _readSizeBytes;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long _sizeBytes;
    private long _readAt;
    private bool _wasRead;

    /// <param name="quotaBytes">The limit; negative for none.</param>
    /// <param name="readSizeBytes">Reads the store's size.</param>
    /// <param name="time">The clock.</param>
    public QuotaGuard(long quotaBytes, Func<long> readSizeBytes, TimeProvider time)
    {
        QuotaBytes = quotaBytes;
        _readSizeBytes = readSizeBytes;
        _time = time;
    }

    /// <summary>The quota in force; negative for none.</summary>
    public long QuotaBytes { get; }

    /// <summary>Whether the operation may be proposed. What costs nothing always may.</summary>
    public bool Admits(KvOperation operation) => Admits(QuotaCost.Of(operation));

    /// <summary>Whether something that costs so many bytes may be proposed.</summary>
    public bool Admits(long costBytes)
    {
        if (QuotaBytes < 0 || costBytes == 0)
        {
            return true;
        }

        lock (_gate)
        {
            if (!_wasRead || _time.GetElapsedTime(_readAt) > MaxAge)
            {
                _sizeBytes = _readSizeBytes();
                _readAt = _time.GetTimestamp();
                _wasRead = true;
            }

            if (_sizeBytes + costBytes >= QuotaBytes)
            {
                return false;
            }

            _sizeBytes += costBytes;
            return true;
        }
    }
}
