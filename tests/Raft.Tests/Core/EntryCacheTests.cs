using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Core;

public sealed class EntryCacheTests
{
    [Fact]
    public void Slices_stay_as_they_were_when_the_log_is_truncated()
    {
        var cache = new EntryCache();
        Fill(cache, 1, 300, term: 1);
        ReadOnlyMemory<Entry> slice = cache.Slice(200, 301, int.MaxValue);
        cache.TruncateFrom(210);
        Fill(cache, 210, 300, term: 2);
        Assert.Equal(200UL, slice.Span[0].Index);
        Assert.All(slice.ToArray(), e => Assert.Equal(1UL, e.Term));
        Assert.Equal(2UL, cache[210].Term);
        Assert.Equal(1UL, cache[209].Term);
    }

    /// <summary>Against a plain list.</summary>
    [Fact]
    public void Random_operations_agree_with_a_list()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var cache = new EntryCache();
            var model = new SortedDictionary<ulong, Entry>();
            ulong next = 1;
            for (int step = 0; step < 200; step++)
            {
                switch (random.Next(4))
                {
                    case 0 when model.Count > 0:
                        ulong from = model.Keys.First() + (ulong)random.Next(model.Count);
                        cache.TruncateFrom(from);
                        Remove(model, k => k >= from);
                        next = from;
                        break;
                    case 1 when model.Count > 0:
                        ulong to = model.Keys.First() + (ulong)random.Next(model.Count);
                        cache.EvictTo(to);
                        Remove(model, k => k <= to);
                        break;
                    default:
                        for (int i = random.Next(200); i > 0; i--)
                        {
                            var entry = new Entry(next++, (ulong)step, EntryKind.Normal, new byte[random.Next(5)]);
                            cache.Append(entry);
                            model.Add(entry.Index, entry);
                        }

                        break;
                }

                AssertEqual(model, next, cache);
            }
        }
    }

    [Fact]
    public void A_slice_stops_at_the_size_limit_but_is_never_empty()
    {
        var cache = new EntryCache();
        for (ulong i = 1; i <= 3; i++)
        {
            cache.Append(new Entry(i, 1, EntryKind.Normal, new byte[10]));
        }

        Assert.Equal(1, cache.Slice(1, 4, 5).Length);
        Assert.Equal(2, cache.Slice(1, 4, 29).Length);
        Assert.Equal(3, cache.Slice(1, 4, 30).Length);
    }

    private static void Fill(EntryCache cache, ulong from, ulong to, ulong term)
    {
        for (ulong i = from; i <= to; i++)
        {
            cache.Append(new Entry(i, term, EntryKind.Normal, default));
        }
    }

    private static void Remove(SortedDictionary<ulong, Entry> model, Func<ulong, bool> which)
    {
        foreach (ulong key in model.Keys.Where(which).ToArray())
        {
            model.Remove(key);
        }
    }

    private static void AssertEqual(SortedDictionary<ulong, Entry> model, ulong next, EntryCache cache)
    {
        Assert.Equal(next, cache.Next);
        Assert.Equal((ulong)model.Count, cache.Count);
        Assert.Equal(model.Values.Sum(e => e.Data.Length + 40L), cache.Bytes);
        foreach ((ulong index, Entry entry) in model)
        {
            Assert.Equal(entry.Term, cache[index].Term);
            Assert.Equal(index, cache[index].Index);
        }
    }
}
