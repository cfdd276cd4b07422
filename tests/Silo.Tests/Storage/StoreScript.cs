using System.Buffers.Binary;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Tests.Storage;

/// <summary>A sequence of batches whose effect at each index is known, so that a store can be checked at whatever index it is found.</summary>
internal static class StoreScript
{
    /// <summary>Batch i deletes the row that batch i - 40 put.</summary>
    private const ulong Lifetime = 40;

    /// <summary>Batch i overwrites lease i mod 7.</summary>
    private const ulong Leases = 7;

    internal static void Write(IKeyspaceStore store, IStoreBatch batch, ulong index, int valueBytes = 100)
    {
        batch.Clear();
        batch.Put(StoreTable.Revisions, Key(index), Value(index, valueBytes));
        batch.Put(StoreTable.Leases, Key(index % Leases), Key(index));
        if (index > Lifetime)
        {
            batch.Delete(StoreTable.Revisions, Key(index - Lifetime));
        }

        store.Write(batch, index);
    }

    internal static void AssertIsAtItsIndex(IKeyspaceStore store, int valueBytes = 100)
    {
        var applied = store.AppliedIndex;
        var first = applied > Lifetime ? applied - Lifetime + 1 : 1;
        var expected = new List<ulong>();
        for (var i = first; i <= applied; i++)
        {
            expected.Add(i);
        }

        var found = new List<ulong>();
        using (var rows = store.Iterate(StoreTable.Revisions, default, default))
        {
            while (rows.MoveNext())
            {
                var index = BinaryPrimitives.ReadUInt64BigEndian(rows.Key);
                Assert.Equal(Value(index, valueBytes), rows.Value.ToArray());
                found.Add(index);
            }
        }

        Assert.Equal(expected, found);
        for (ulong lease = 0; lease < Leases; lease++)
        {
            var last = applied < lease ? 0 : applied - ((applied - lease) % Leases);
            Assert.Equal(last == 0 ? null : Key(last), store.Get(StoreTable.Leases, Key(lease)));
        }
    }

    internal static byte[] Key(ulong number)
    {
        var key = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(key, number);
        return key;
    }

    internal static byte[] Value(ulong index, int bytes)
    {
        var value = new byte[bytes];
        new Random((int)index).NextBytes(value);
        return value;
    }
}
