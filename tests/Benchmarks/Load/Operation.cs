using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>One kind of unary request: how to make it and what its answer must hold.</summary>
internal abstract class Operation(string path)
{
    public string Path { get; } = path;

    /// <summary>The next request; valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> Prepare(SplitMix random);

    /// <summary>Checks the answer and returns its revision; throws <see cref="BenchmarkException"/> on a wrong one.</summary>
    public abstract long Verify(ReadOnlySpan<byte> response);

    protected static long RequireRevision(long revision) =>
        revision > 0 ? revision : throw new BenchmarkException("the answer has no revision");
}
