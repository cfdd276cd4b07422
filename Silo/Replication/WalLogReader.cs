using Krewe.Raft.Core;
using Krewe.Raft.Log;

namespace Krewe.Silo.Replication;

/// <summary>Lets the core read back entries that it no longer keeps in memory.</summary>
internal sealed class WalLogReader(WriteAheadLog log) : ILogReader
{
    public ReadOnlyMemory<Entry> Read(ulong from, ulong toExclusive, int maxBytes)
    {
        var entries = new List<Entry>();
        log.Read(from, toExclusive, maxBytes, entries);
        return entries.ToArray();
    }

    public ulong Term(ulong index) => log.Term(index);
}
