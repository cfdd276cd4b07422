using Krewe.Grains.Keyspace.Values;

namespace Krewe.Keyspace.Tests.Values;

public sealed class ValueCacheTests
{
    [Fact]
    public void Keeps_recent_values_within_its_budget_and_drops_the_oldest_arrays()
    {
        var cache = new ValueCache(budgetBytes: 4096, chunkBytes: 1024, largeValueBytes: 512);
        List<ValueRef> places = [];
        for (int i = 0; i < 100; i++)
        {
            places.Add(cache.Append(Value(i, 100)));
            Assert.InRange(cache.Bytes, 1, 4096);
        }

        Assert.False(places[0].TryGet(out _));
        Assert.True(cache.DroppedChunks > 0);
        for (int i = 70; i < 100; i++)
        {
            Assert.True(places[i].TryGet(out ReadOnlyMemory<byte> value));
            Assert.Equal(Value(i, 100), value.ToArray());
        }
    }

    [Fact]
    public void Memory_that_was_handed_out_survives_the_drop_of_its_array()
    {
        var cache = new ValueCache(budgetBytes: 2048, chunkBytes: 1024, largeValueBytes: 512);
        ValueRef place = cache.Append(Value(1, 100));
        Assert.True(place.TryGet(out ReadOnlyMemory<byte> held));
        for (int i = 0; i < 100; i++)
        {
            cache.Append(Value(2, 100));
        }

        Assert.False(place.TryGet(out _));
        Assert.Equal(Value(1, 100), held.ToArray());
    }

    [Fact]
    public void Large_values_stand_alone_and_small_ones_go_on_after_them()
    {
        var cache = new ValueCache(budgetBytes: 3000, chunkBytes: 1024, largeValueBytes: 512);
        cache.Append(Value(1, 10));
        for (int i = 0; i < 10; i++)
        {
            Assert.True(cache.Append(Value(2, 900)).TryGet(out _));
        }

        ValueRef small = cache.Append(Value(3, 10));
        Assert.True(small.TryGet(out ReadOnlyMemory<byte> value));
        Assert.Equal(Value(3, 10), value.ToArray());
        Assert.InRange(cache.Bytes, 1, 3000);
    }

    [Fact]
    public void Without_a_budget_only_empty_values_are_there()
    {
        var cache = new ValueCache(budgetBytes: 0, chunkBytes: 1024, largeValueBytes: 512);
        Assert.False(cache.Append(Value(1, 1)).TryGet(out _));
        Assert.True(cache.Append(default).TryGet(out ReadOnlyMemory<byte> empty));
        Assert.True(empty.IsEmpty);
    }

    private static byte[] Value(int content, int length)
    {
        byte[] value = new byte[length];
        Array.Fill(value, (byte)content);
        return value;
    }
}
