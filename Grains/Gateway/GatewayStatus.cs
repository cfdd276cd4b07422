using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Grains.Gateway;

/// <summary>What a gateway knows of the cluster: the latest that any member told it. A revision that was told is never taken back.</summary>
public sealed class GatewayStatus : IMemberStatus
{
    private static readonly MemberSnapshot Nothing = new(0, 0, 0, 0, 0, 0, 0, false);

    private readonly Lock _auth = new();
    private MemberSnapshot _member = Nothing;
    private long _revision;
    private ulong _authIndex;
    private volatile bool _authEnabled;

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

    /// <summary>Whether the cluster checks permissions, as far as it is known; a member that lags behind the one that said so takes nothing back.</summary>
    public bool AuthEnabled => _authEnabled;

    private MemberSnapshot Member => Volatile.Read(ref _member);

    public void Observe(MemberSnapshot member)
    {
        ArgumentNullException.ThrowIfNull(member);
        var before = Interlocked.Exchange(ref _member, member);
        if (member.AuthEnabled || _authEnabled)
        {
            ObserveAuth(member, before.ClusterId);
        }

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

    private void ObserveAuth(MemberSnapshot member, ulong clusterId)
    {
        lock (_auth)
        {
            var isOther = member.ClusterId != clusterId;
            if (!member.AuthEnabled && !isOther && member.RaftAppliedIndex <= _authIndex)
            {
                return;
            }

            _authEnabled = member.AuthEnabled;
            _authIndex = isOther ? member.RaftAppliedIndex : Math.Max(_authIndex, member.RaftAppliedIndex);
        }
    }
}
