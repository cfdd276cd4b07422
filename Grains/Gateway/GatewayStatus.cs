using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Grains.Gateway;

/// <summary>What a gateway knows of the cluster: the latest that any member told it. A revision that was told is never taken back.</summary>
public sealed class GatewayStatus : IMemberStatus
{
    private static readonly MemberSnapshot Nothing = new(0, 0, 0, 0, 0, 0, 0, false);

    private MemberSnapshot _member = Nothing;
    private long _revision;

    public ulong ClusterId => Member.ClusterId;

    /// <summary>The member that answered last.</summary>
    public ulong MemberId => Member.MemberId;

    public ulong LeaderId => Member.LeaderId;

    public ulong RaftTerm => Member.RaftTerm;

    public ulong RaftIndex => Member.RaftIndex;

    public ulong RaftAppliedIndex => Member.RaftAppliedIndex;

    public long Revision => Volatile.Read(ref _revision);

    /// <summary>A gateway serves whatever its cluster does.</summary>
    public bool IsLearner => false;

    /// <summary>Whether the cluster checks permissions, as far as it is known.</summary>
    public bool AuthEnabled => Member.AuthEnabled;

    private MemberSnapshot Member => Volatile.Read(ref _member);

    public void Observe(MemberSnapshot member)
    {
        ArgumentNullException.ThrowIfNull(member);
        Volatile.Write(ref _member, member);
        ObserveRevision(member.Revision);
    }

    /// <summary>A member has applied this revision.</summary>
    public void ObserveRevision(long revision)
    {
        var known = Volatile.Read(ref _revision);
        while (revision > known)
        {
            var before = Interlocked.CompareExchange(ref _revision, revision, known);
            if (before == known)
            {
                return;
            }

            known = before;
        }
    }

    /// <summary>No member answers.</summary>
    public void LoseCluster() => Volatile.Write(ref _member, Member with { LeaderId = 0 });
}
