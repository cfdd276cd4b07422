using Krewe.Api.Protos.Etcd;
using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Api.Mapping;

/// <summary>Fills response headers with this member's identity (behaviour 12).</summary>
internal sealed class HeaderSource(IMemberStatus status)
{
    /// <summary>Revision 0 becomes the current store revision, as in etcd.</summary>
    public ResponseHeaderValue At(long revision) =>
        new(status.ClusterId, status.MemberId, revision == 0 ? status.Revision : revision, status.RaftTerm);

    /// <summary>Without a revision: cluster responses and compacted watches (behaviours 120, 239).</summary>
    public ResponseHeaderValue WithoutRevision() => new(status.ClusterId, status.MemberId, 0, status.RaftTerm);

    /// <summary>For responses that are generated proto types.</summary>
    public ResponseHeader Proto(long revision = 0) => ToProto(At(revision));

    public ResponseHeader ProtoWithoutRevision() => ToProto(WithoutRevision());

    private static ResponseHeader ToProto(in ResponseHeaderValue header) => new()
    {
        ClusterId = header.ClusterId,
        MemberId = header.MemberId,
        Revision = header.Revision,
        RaftTerm = header.RaftTerm,
    };
}
