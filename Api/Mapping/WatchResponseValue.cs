using System.Text;
using Krewe.Api.Wire;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.WatchResponse without its events.</summary>
internal readonly record struct WatchResponseValue
{
    public ResponseHeaderValue Header { get; init; }

    public long WatchId { get; init; }

    public bool Created { get; init; }

    public bool Canceled { get; init; }

    public long CompactRevision { get; init; }

    public string? CancelReason { get; init; }

    /// <summary>Whether more of the same answer follows (behaviour 150).</summary>
    public bool Fragment { get; init; }

    public int Size =>
        ProtoSize.Message(Header.Size)
        + ProtoSize.Field(WatchId)
        + ProtoSize.Field(Created)
        + ProtoSize.Field(Canceled)
        + ProtoSize.Field(CompactRevision)
        + ProtoSize.Bytes(CancelReason is null ? 0 : Encoding.UTF8.GetByteCount(CancelReason))
        + ProtoSize.Field(Fragment);

    public void Write(ref ProtoWriter writer)
    {
        Header.Write(ref writer);
        writer.Field(2, WatchId);
        writer.Field(3, Created);
        writer.Field(4, Canceled);
        writer.Field(5, CompactRevision);
        if (CancelReason is not null)
        {
            writer.Bytes(6, Encoding.UTF8.GetBytes(CancelReason));
        }

        writer.Field(7, Fragment);
    }
}
