using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Keyspace.Reads;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Log.Format;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Keyspace;

/// <summary>
/// A hash of the whole replicated state that does not depend on how far a node is with removing compacted data: etcd's hash of the
/// history, all other tables byte by byte, and what the index answers.
/// </summary>
internal static class KeyspaceFingerprint
{
    private static readonly StoreTable[] WholeTables =
        [StoreTable.Leases, StoreTable.Alarms, StoreTable.Members, StoreTable.Silos, StoreTable.Directory, StoreTable.Auth];

    private static readonly RangeRequest Everything = new() { Key = new byte[] { 0 }, RangeEnd = new byte[] { 0 } };

    public static ulong Of(KeyspaceState state, MemoryKeyspaceStore store)
    {
        if (state.HashKv(0, out KeyspaceHash history) != EtcdError.None)
        {
            throw new SimulationException("the current revision can't be hashed");
        }

        uint crc = 0;
        foreach (StoreTable table in WholeTables)
        {
            using IStoreIterator rows = store.Iterate(table, default, default);
            while (rows.MoveNext())
            {
                crc = Crc32C.Append(Crc32C.Append(crc, rows.Key), rows.Value);
            }
        }

        crc = AppendIndex(crc, state);
        crc = AppendLeases(crc, state.Leases);
        return ((ulong)history.Hash << 32) | crc;
    }

    private static uint AppendIndex(uint crc, KeyspaceState state)
    {
        foreach (KeyValue kv in ((RangeResult)state.Range(Everything).Result!).Kvs)
        {
            crc = Crc32C.Append(Crc32C.Append(crc, kv.Key.Span), kv.Value.Span);
            crc = Append(Append(crc, kv.CreateRevision), kv.ModRevision);
            crc = Append(Append(crc, kv.Version), kv.Lease);
        }

        return crc;
    }

    private static uint AppendLeases(uint crc, LeaseTable leases)
    {
        LeaseInfo[] all = leases.Snapshot();
        Array.Sort(all, static (a, b) => a.Id.CompareTo(b.Id));
        foreach (LeaseInfo lease in all)
        {
            crc = Append(Append(crc, lease.Id), lease.TtlSeconds);
            foreach (ReadOnlyMemory<byte> key in leases.Keys(lease.Id))
            {
                crc = Crc32C.Append(crc, key.Span);
            }
        }

        return crc;
    }

    private static uint Append(uint crc, long number) => Crc32C.Append(crc, BitConverter.GetBytes(number));
}
