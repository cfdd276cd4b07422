using System.Text;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Keyspace.Tests;

/// <summary>Writes results as text, so that a comparison shows what differs.</summary>
internal static class Describe
{
    public static string Outcome(KvOutcome outcome) => outcome.Error == EtcdError.None ? Result(outcome.Result!) : outcome.Error.ToString();

    public static string Result(KvResult result) => result switch
    {
        PutResult put => $"put@{put.Revision} prev={Prev(put.PrevKv)}",
        DeleteRangeResult delete => $"delete@{delete.Revision} {delete.Deleted} prev=[{string.Join(' ', delete.PrevKvs.Select(kv => Kv(kv)))}]",
        RangeResult range => $"range@{range.Revision} count={range.Count} more={range.More} [{string.Join(' ', range.Kvs.Select(kv => Kv(kv)))}]",
        TxnResult txn => $"txn@{txn.Revision} {txn.Succeeded} {{{string.Join("; ", txn.Responses.Select(Result))}}}",
        CompactResult compact => $"compact@{compact.Revision}",
        _ => throw new ArgumentException("Unknown result.", nameof(result)),
    };

    public static string Kv(in KeyValue kv) =>
        $"{Printable(kv.Key)}={Printable(kv.Value)}(c{kv.CreateRevision} m{kv.ModRevision} v{kv.Version} l{kv.Lease})";

    public static string Prev(KeyValue? kv) => kv is { } there ? Kv(there) : "-";

    public static string Events(IEnumerable<RevisionEvents> revisions) => string.Join('\n', revisions.Select(revision =>
        $"{revision.Revision}: {string.Join(", ", revision.Events.Select(change => $"{(change.IsDelete ? "D" : "P")} {Kv(change.Kv)} prev={Prev(change.PrevKv)}"))}"));

    private static string Printable(ReadOnlyMemory<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte one in bytes.Span)
        {
            text.Append(one is > 32 and < 127 ? ((char)one).ToString() : $"\\{one:x2}");
        }

        return text.ToString();
    }
}
