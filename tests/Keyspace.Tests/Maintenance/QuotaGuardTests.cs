using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Quota;
using Krewe.Grains.Maintenance;
using Microsoft.Extensions.Time.Testing;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Maintenance;

public sealed class QuotaGuardTests
{
    private readonly FakeTimeProvider _time = new();
    private long _sizeBytes;
    private int _readings;

    [Fact]
    public void B266_a_write_must_stay_below_the_quota()
    {
        PutRequest put = Put("key", "value");
        long cost = QuotaCost.Of(put);
        _sizeBytes = 1_000;
        Assert.True(Guard(1_000 + cost + 1).Admits(put));
        Assert.False(Guard(1_000 + cost).Admits(put));
    }

    [Fact]
    public void B267_what_costs_nothing_passes_over_the_quota()
    {
        _sizeBytes = 1_000;
        QuotaGuard guard = Guard(1);
        Assert.True(guard.Admits(Delete("a", "z")));
        Assert.True(guard.Admits(new TxnRequest { Success = [Get("a"), Delete("b")] }));
        Assert.False(guard.Admits(new TxnRequest { Success = [Get("a")], Failure = [Put("b")] }));
        Assert.False(guard.Admits(QuotaCost.LeaseGrant));
    }

    [Fact]
    public void B271_a_negative_quota_is_none()
    {
        _sizeBytes = long.MaxValue / 2;
        Assert.True(Guard(-1).Admits(Put("key")));
        Assert.Equal(0, _readings);
    }

    [Fact]
    public void B266_what_was_admitted_counts_before_the_store_shows_it()
    {
        PutRequest put = Put("key", "value");
        QuotaGuard guard = Guard((3 * QuotaCost.Of(put)) + 1);
        Assert.True(guard.Admits(put));
        Assert.True(guard.Admits(put));
        Assert.True(guard.Admits(put));
        Assert.False(guard.Admits(put));
        Assert.Equal(1, _readings);
    }

    [Fact]
    public void B266_the_size_is_read_again_once_the_reading_is_old()
    {
        PutRequest put = Put("key", "value");
        _sizeBytes = 10_000;
        QuotaGuard guard = Guard(10_000);
        Assert.False(guard.Admits(put));
        _sizeBytes = 0;
        _time.Advance(QuotaGuard.MaxAge);
        Assert.False(guard.Admits(put));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(guard.Admits(put));
        Assert.Equal(2, _readings);
    }

    private QuotaGuard Guard(long quotaBytes) => new(
        quotaBytes,
        () =>
        {
            _readings++;
            return _sizeBytes;
        },
        _time);
}
