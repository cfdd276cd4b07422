using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Chooses the next operation: the first with the given probability, else the second.</summary>
internal sealed class OperationMix(Operation first, Operation? second = null, double firstShare = 1)
{
    private const int Parts = 1 << 16;

    private readonly int _firstParts = (int)(firstShare * Parts);

    public Operation Next(SplitMix random) => second is null || random.Next(Parts) < _firstParts ? first : second;
}
