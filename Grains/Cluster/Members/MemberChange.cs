using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Raft.Core;

namespace Krewe.Grains.Cluster.Members;

/// <summary>
/// Membership changes as they stand in the log, and their effect. The context of an addition or an update is the member
/// (<see cref="MemberCodec"/>); a promotion is an added voter without context.
/// </summary>
internal static class MemberChange
{
    public static ConfChange Add(Member member) => ConfChange.Single(
        member.IsLearner ? ConfChangeKind.AddLearner : ConfChangeKind.AddVoter, member.Id, MemberCodec.Encode(member));

    public static ConfChange Remove(ulong id) => ConfChange.Single(ConfChangeKind.Remove, id);

    public static ConfChange Update(Member member) => ConfChange.Single(ConfChangeKind.Update, member.Id, MemberCodec.Encode(member));

    public static ConfChange Promote(ulong id) => ConfChange.Single(ConfChangeKind.AddVoter, id);

    /// <summary>Why the change may not take effect, as etcd checks it when it applies one (behaviours 241, 243, 250, 253).</summary>
    public static EtcdError Check(MemberTable table, ConfChange change)
    {
        foreach (var item in change.Items)
        {
            if (Check(table, item, change.Context) is var error && error != EtcdError.None)
            {
                return error;
            }
        }

        return EtcdError.None;
    }

    /// <summary>The members after a change that was checked.</summary>
    public static MemberTable Apply(MemberTable table, ConfChange change)
    {
        foreach (var item in change.Items)
        {
            table = Apply(table, item, change.Context);
        }

        return table;
    }

    private static EtcdError Check(MemberTable table, ConfChangeItem item, ReadOnlyMemory<byte> context)
    {
        if (table.Removed.Contains(item.Id))
        {
            return EtcdError.MemberNotFound;
        }

        var known = table.Find(item.Id);
        return item.Kind switch
        {
            ConfChangeKind.AddVoter when context.IsEmpty => CheckPromotion(known),
            ConfChangeKind.AddVoter or ConfChangeKind.AddLearner when known is not null => EtcdError.MemberExists,
            ConfChangeKind.AddVoter or ConfChangeKind.AddLearner => CheckUrls(table, item.Id, context),
            ConfChangeKind.Update when known is not null => CheckUrls(table, item.Id, context),
            ConfChangeKind.Remove when known is not null || table.Configuration.IsMember(item.Id) => EtcdError.None,
            _ => EtcdError.MemberNotFound,
        };
    }

    private static EtcdError CheckPromotion(Member? known) => known switch
    {
        null => EtcdError.MemberNotFound,
        { IsLearner: false } => EtcdError.MemberNotLearner,
        _ => EtcdError.None,
    };

    private static EtcdError CheckUrls(MemberTable table, ulong id, ReadOnlyMemory<byte> context)
    {
        var wanted = MemberCodec.Decode(context.Span).PeerUrls;
        return table.Members.Any(m => m.Id != id && m.PeerUrls.Intersect(wanted, StringComparer.Ordinal).Any())
            ? EtcdError.PeerUrlExists
            : EtcdError.None;
    }

    private static MemberTable Apply(MemberTable table, ConfChangeItem item, ReadOnlyMemory<byte> context) => item.Kind switch
    {
        ConfChangeKind.Remove => table.Without(item.Id),
        ConfChangeKind.Update => table.With(table.Find(item.Id)! with { PeerUrls = MemberCodec.Decode(context.Span).PeerUrls }),
        ConfChangeKind.AddVoter when context.IsEmpty => table.With(table.Find(item.Id)! with { IsLearner = false }),
        _ => table.With(MemberCodec.Decode(context.Span)),
    };
}
