namespace Krewe.Raft.Core;

/// <summary>
/// Reads entries back from stable storage that the core no longer caches. Only asked for indexes that were reported durable
/// (<see cref="RaftCore.AppendDurable"/>) or were in the log at start, and not compacted. Called on the core's thread.
/// </summary>
public interface ILogReader
{
    /// <summary>Entries [<paramref name="from"/>, <paramref name="toExclusive"/>), at least one, then as many as fit.</summary>
    /// <param name="from">First index.</param>
    /// <param name="toExclusive">Index after the last one wanted.</param>
    /// <param name="maxBytes">Stop before the sum of payloads passes this many bytes, but never return nothing.</param>
    ReadOnlyMemory<Entry> Read(ulong from, ulong toExclusive, int maxBytes);

    /// <summary>The term of the entry at <paramref name="index"/>.</summary>
    ulong Term(ulong index);
}
