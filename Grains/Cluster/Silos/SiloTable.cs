using System.Text;
using Krewe.Grains.Cluster.Codec;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Cluster.Silos;

/// <summary>
/// The replicated silo membership table of one member: changed by the apply thread only, read by any thread through
/// <see cref="Current"/>.
/// </summary>
public sealed class SiloTable
{
    private const byte VersionKey = 0;
    private const byte RowKey = 1;
    private volatile SiloTableSnapshot _current = SiloTableSnapshot.Empty;

    /// <summary>The applied table.</summary>
    public SiloTableSnapshot Current => _current;

    /// <summary>Raised on the apply thread when the table version has grown; must not block.</summary>
    public event Action<SiloTableSnapshot>? Changed;

    internal void Load(IKeyspaceStore store)
    {
        var rows = SiloTableSnapshot.Empty.Rows.ToBuilder();
        using IStoreIterator iterator = store.Iterate(StoreTable.Silos, [RowKey], [RowKey + 1]);
        while (iterator.MoveNext())
        {
            var reader = new FieldReader(iterator.Value);
            SiloRow row = SiloRow.Decode(ref reader);
            rows[row.Silo] = row;
        }

        byte[]? version = store.Get(StoreTable.Silos, [VersionKey]);
        _current = new SiloTableSnapshot(version is null ? 0 : new FieldReader(version).Int64(), rows.ToImmutable());
        Changed?.Invoke(_current);
    }

    /// <summary>Replaces rows and removes others under the next table version, or the one after <paramref name="skippedVersions"/> more.</summary>
    internal void Change(IReadOnlyList<SiloRow> put, IReadOnlyList<string> removed, IStoreBatch batch, int skippedVersions = 0)
    {
        long version = _current.Version + 1 + skippedVersions;
        var rows = _current.Rows.ToBuilder();
        foreach (SiloRow row in put)
        {
            SiloRow stamped = row with { Etag = version };
            rows[row.Silo] = stamped;
            Put(stamped, batch);
        }

        foreach (string silo in removed)
        {
            rows.Remove(silo);
            batch.Delete(StoreTable.Silos, Key(silo));
        }

        batch.Put(StoreTable.Silos, [VersionKey], new FieldWriter().Int64(version).Written.Span);
        _current = new SiloTableSnapshot(version, rows.ToImmutable());
        Changed?.Invoke(_current);
    }

    /// <summary>Replaces a row and leaves its etag and the table version as they are.</summary>
    internal void Touch(SiloRow row, IStoreBatch batch)
    {
        Put(row, batch);
        _current = _current with { Rows = _current.Rows.SetItem(row.Silo, row) };
    }

    private static void Put(SiloRow row, IStoreBatch batch)
    {
        var writer = new FieldWriter();
        row.Encode(writer);
        batch.Put(StoreTable.Silos, Key(row.Silo), writer.Written.Span);
    }

    private static byte[] Key(string silo) => [RowKey, .. Encoding.UTF8.GetBytes(silo)];
}
