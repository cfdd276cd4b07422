using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Raft.Core;

namespace Krewe.Grains.Cluster.Members;

/// <summary>The checks that etcd makes before a membership change gets into the log. On the leader, which knows of everybody.</summary>
public sealed class ReconfigurationRules(MembershipOptions options, IPeerActivity peers)
{
    /// <summary>How long a member must have been heard to count as connected (behaviour 247).</summary>
    public static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(5);

    /// <summary>A learner is in sync when it has at least so many percent of the leader's log (behaviour 253).</summary>
    public const int ReadyPercent = 90;

    /// <summary>Behaviours 245 to 247.</summary>
    public EtcdError CheckAdd(IReadOnlyList<Member> members, ulong self, bool isLearner)
    {
        if (CheckStartedToAdd(members, isLearner) is var error && error != EtcdError.None)
        {
            return error;
        }

        if (options.StrictReconfigCheck)
        {
            var voters = Voters(members);

            // A cluster of one may always grow; otherwise the newcomer counts as absent.
            if (voters.Count > 1 && Connected(voters, self) < Quorum(voters.Count + 1))
            {
                return EtcdError.Unhealthy;
            }
        }

        return isLearner && members.Count(m => m.IsLearner) >= options.MaxLearners ? EtcdError.TooManyLearners : EtcdError.None;
    }

    /// <summary>Behaviour 248.</summary>
    public EtcdError CheckRemove(IReadOnlyList<Member> members, ulong self, ulong id)
    {
        if (!options.StrictReconfigCheck || members.Any(m => m.Id == id && m.IsLearner))
        {
            return EtcdError.None;
        }

        if (CheckStartedToRemove(members, id) is var error && error != EtcdError.None)
        {
            return error;
        }

        var voters = Voters(members);
        if (id != self && peers.ActiveFor(id) is null)
        {
            return EtcdError.None;
        }

        return Connected(voters, self) - 1 < Quorum(voters.Count - 1) ? EtcdError.Unhealthy : EtcdError.None;
    }

    /// <summary>The part of behaviour 246 that any member can judge, also without a leader.</summary>
    public EtcdError CheckStartedToAdd(IReadOnlyList<Member> members, bool isLearner) =>
        options.StrictReconfigCheck && !isLearner && !MayAddVoter(Voters(members)) ? EtcdError.MemberNotEnoughStarted : EtcdError.None;

    /// <summary>The part of behaviour 248 that any member can judge, also without a leader.</summary>
    public EtcdError CheckStartedToRemove(IReadOnlyList<Member> members, ulong id)
    {
        if (!options.StrictReconfigCheck || members.Any(m => m.Id == id && m.IsLearner))
        {
            return EtcdError.None;
        }

        var remaining = Voters(members).Where(m => m.Id != id).ToList();
        return remaining.Count(IsStarted) < Quorum(remaining.Count) ? EtcdError.MemberNotEnoughStarted : EtcdError.None;
    }

    /// <summary>Behaviour 253.</summary>
    public EtcdError CheckPromote(IReadOnlyList<Member> members, ulong self, ulong id, IReadOnlyList<ProgressStatus> progress)
    {
        if (MatchOf(progress, id) is { } match && match * 100.0 < MatchOf(progress, self).GetValueOrDefault() * (double)ReadyPercent)
        {
            return EtcdError.LearnerNotReady;
        }

        var voters = Voters(members);
        return options.StrictReconfigCheck && voters.Count(IsStarted) + 1 < Quorum(voters.Count + 1)
            ? EtcdError.MemberNotEnoughStarted
            : EtcdError.None;
    }

    private static bool MayAddVoter(List<Member> voters)
    {
        var started = voters.Count(IsStarted);
        return (started == 1 && voters.Count == 1) || started >= Quorum(voters.Count + 1);
    }

    private int Connected(List<Member> voters, ulong self) =>
        voters.Count(m => m.Id == self || peers.ActiveFor(m.Id) is { } active && active >= HealthInterval);

    private static ulong? MatchOf(IReadOnlyList<ProgressStatus> progress, ulong id)
    {
        foreach (var status in progress)
        {
            if (status.Id == id)
            {
                return status.Match;
            }
        }

        return null;
    }

    private static List<Member> Voters(IReadOnlyList<Member> members) => [.. members.Where(m => !m.IsLearner)];

    /// <summary>A member has no name before it started (behaviour 238).</summary>
    private static bool IsStarted(Member member) => member.Name.Length > 0;

    private static int Quorum(int voters) => (voters / 2) + 1;
}
