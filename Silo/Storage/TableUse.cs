using System.Globalization;
using System.Runtime.InteropServices;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Silo.Storage;

/// <summary>How much of a table is live.</summary>
/// <param name="Rows">Rows and deletions in files and memory.</param>
/// <param name="Deletions">Deletions among <paramref name="Rows"/>; each of them and the row it deletes are garbage.</param>
/// <param name="Bytes">Bytes that all of them take in files and memory.</param>
internal readonly record struct TableUse(long Rows, long Deletions, long Bytes)
{
    private const string Entries = "# entries=";
    private const string Deleted = "# deletions=";

    /// <summary>Bytes of rows that are not deleted.</summary>
    internal long LiveBytes => Rows == 0 ? 0 : (long)(Bytes * (double)Math.Max(0, Rows - (2 * Deletions)) / Rows);

    internal static TableUse Of(RocksInstance instance, StoreTable table)
    {
        var files = instance.Number(table, "rocksdb.live-sst-files-size");
        Aggregated(instance, table, out var rows, out var deletions);
        if (table == StoreTable.Meta)
        {
            // Its few rows are overwritten with every batch: what is in memory is nearly all history.
            return new TableUse(rows, deletions, files);
        }

        return new TableUse(
            rows + Memory(instance, table, "entries"),
            deletions + Memory(instance, table, "deletes"),
            files + instance.Number(table, "rocksdb.cur-size-all-mem-tables"));
    }

    private static long Memory(RocksInstance instance, StoreTable table, string what) =>
        instance.Number(table, $"rocksdb.num-{what}-active-mem-table") + instance.Number(table, $"rocksdb.num-{what}-imm-mem-tables");

    private static void Aggregated(RocksInstance instance, StoreTable table, out long rows, out long deletions)
    {
        rows = deletions = 0;
        var pointer = Rocks.Api.rocksdb_property_value_cf(instance.Database, instance.Family(table), "rocksdb.aggregated-table-properties");
        if (pointer == IntPtr.Zero)
        {
            return;
        }

        var text = Marshal.PtrToStringUTF8(pointer) ?? "";
        Rocks.Api.rocksdb_free(pointer);
        rows = NumberBehind(text, Entries);
        deletions = NumberBehind(text, Deleted);
    }

    private static long NumberBehind(string text, string name)
    {
        var start = text.IndexOf(name, StringComparison.Ordinal);
        if (start < 0)
        {
            return 0;
        }

        var digits = text.AsSpan(start + name.Length);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
