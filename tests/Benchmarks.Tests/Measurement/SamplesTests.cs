using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Tests.Measurement;

public sealed class SamplesTests
{
    [Theory]
    [InlineData(0.5, 3)]
    [InlineData(0.99, 5)]
    [InlineData(0.0, 1)]
    public void A_percentile_is_one_of_the_samples(double share, double expected) =>
        Assert.Equal(expected, Samples.Percentile([5, 1, 4, 2, 3], share));

    [Fact]
    public void Without_samples_there_is_none() => Assert.Throws<BenchmarkException>(() => Samples.Percentile([], 0.5));
}
