using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Applying;

/// <summary>Writes effects as rows of the revisions table, through one reused buffer.</summary>
internal sealed class RowWriter
{
    private const int MaxKeptBytes = 4 << 20;

    private byte[] _buffer = new byte[1024];

    public void Write(IStoreBatch batch, long main, int sub, in Effect effect)
    {
        Span<byte> key = stackalloc byte[RevisionKey.TombstoneLength];
        int keyLength = RevisionKey.Write(key, main, sub, effect.IsDelete);
        int needed = KeyValueRow.MaxLength(effect.Key.Length, effect.Value.Length);
        byte[] row = needed <= MaxKeptBytes ? Kept(needed) : new byte[needed];
        int length = effect.IsDelete
            ? KeyValueRow.Write(row, effect.Key, 0, 0, 0, default, 0)
            : KeyValueRow.Write(row, effect.Key, effect.Create == 0 ? main : effect.Create, main, effect.Version, effect.Value, effect.Lease);
        batch.Put(StoreTable.Revisions, key[..keyLength], row.AsSpan(0, length));
    }

    private byte[] Kept(int needed)
    {
        if (_buffer.Length < needed)
        {
            _buffer = new byte[Math.Max(needed, _buffer.Length * 2)];
        }

        return _buffer;
    }
}
