using Krewe.Api.Wire;

namespace Krewe.Api.Mapping;

/// <summary>etcdserverpb.ResponseHeader as a value.</summary>
internal readonly record struct ResponseHeaderValue(ulong ClusterId, ulong MemberId, long Revision, ulong RaftTerm)
{
    /// <summary>The header of an operation inside a transaction has a revision only (behaviour 70).</summary>
    public static ResponseHeaderValue Inner(long revision) => new(0, 0, revision, 0);

    public int Size => ProtoSize.Field(ClusterId) + ProtoSize.Field(MemberId) + ProtoSize.Field(Revision) + ProtoSize.Field(RaftTerm);

    /// <summary>Writes it as field 1, where every response has it.</summary>
    public void Write(ref ProtoWriter writer)
    {
        writer.Message(1, Size);
        writer.Field(1, ClusterId);
        writer.Field(2, MemberId);
        writer.Field(3, Revision);
        writer.Field(4, RaftTerm);
    }
}
