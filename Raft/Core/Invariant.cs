using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Krewe.Raft.Core;

/// <summary>Assertions that stay on in release builds: a check costs a compare, a broken invariant costs data.</summary>
internal static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds)
        {
            Fail(message);
        }
    }

    [DoesNotReturn]
    public static void Fail(string message) => throw new RaftInvariantException(message);
}
