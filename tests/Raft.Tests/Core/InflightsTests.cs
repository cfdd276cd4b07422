using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Core;

public sealed class InflightsTests
{
    [Fact]
    public void Messages_and_bytes_are_bounded()
    {
        var inflights = new Inflights(3, 100);
        inflights.Add(1, 10);
        inflights.Add(2, 10);
        Assert.False(inflights.IsFull);
        inflights.Add(3, 10);
        Assert.True(inflights.IsFull);
        inflights.FreeTo(2);
        Assert.Equal(1, inflights.Count);
        inflights.Add(4, 90);
        Assert.True(inflights.IsFull);
        inflights.Clear();
        Assert.False(inflights.IsFull);
    }

    [Fact]
    public void The_ring_grows_and_wraps()
    {
        var inflights = new Inflights(50, int.MaxValue);
        ulong next = 1;
        ulong freed = 0;
        var random = new Random(3);
        for (int i = 0; i < 1000; i++)
        {
            while (!inflights.IsFull && random.Next(4) > 0)
            {
                inflights.Add(next++, 1);
            }

            freed = Math.Min(next - 1, freed + (ulong)random.Next(10));
            inflights.FreeTo(freed);
            Assert.Equal((int)(next - 1 - freed), inflights.Count);
        }
    }
}
