namespace Krewe.Raft.Core;

/// <content>Majorities, of both lists while the configuration is joint (dissertation section 4.3).</content>
public sealed partial class RaftCore
{
    private const int MaxStackVoters = 32;

    private enum Measure
    {
        Match,
        AckedTick,
        AckedRead,
    }

    private ulong QuorumMatch() => QuorumValue(Measure.Match);

    /// <summary>The greatest value that a quorum has reached.</summary>
    private ulong QuorumValue(Measure measure)
    {
        ulong incoming = MajorityValue(ConfState.VoterArray, measure);
        if (!ConfState.IsJoint || Has(CoreFaults.IgnoreOutgoing))
        {
            return incoming;
        }

        return Math.Min(incoming, MajorityValue(ConfState.OutgoingArray, measure));
    }

    private ulong MajorityValue(ulong[] voters, Measure measure)
    {
        Span<ulong> values = voters.Length <= MaxStackVoters ? stackalloc ulong[MaxStackVoters] : new ulong[voters.Length];
        values = values[..voters.Length];
        for (int i = 0; i < voters.Length; i++)
        {
            values[i] = Find(voters[i]) is { } progress ? Value(progress, measure) : 0;
        }

        values.Sort();
        return voters.Length == 0 ? 0 : values[(voters.Length - 1) / 2];
    }

    private ulong Value(Progress p, Measure measure) => measure switch
    {
        Measure.Match => p.Match,
        Measure.AckedTick => p == _self ? _tick + 1 : p.AckedTick,
        _ => p == _self ? ulong.MaxValue : p.AckedRead,
    };

    private bool QuorumIsActive()
    {
        bool active = MajorityIsActive(ConfState.VoterArray)
            && (!ConfState.IsJoint || MajorityIsActive(ConfState.OutgoingArray));
        foreach (Progress p in _progress)
        {
            p.RecentActive = p == _self;
        }

        return active;
    }

    private bool MajorityIsActive(ulong[] voters)
    {
        int active = 0;
        foreach (ulong id in voters)
        {
            active += Find(id) is { RecentActive: true } ? 1 : 0;
        }

        return active > voters.Length / 2;
    }

    private VoteOutcome TallyVotes()
    {
        VoteOutcome incoming = TallyVotes(ConfState.VoterArray);
        VoteOutcome outgoing = ConfState.IsJoint && !Has(CoreFaults.IgnoreOutgoing)
            ? TallyVotes(ConfState.OutgoingArray)
            : VoteOutcome.Won;
        if (incoming == VoteOutcome.Lost || outgoing == VoteOutcome.Lost)
        {
            return VoteOutcome.Lost;
        }

        return incoming == VoteOutcome.Won && outgoing == VoteOutcome.Won ? VoteOutcome.Won : VoteOutcome.Pending;
    }

    private VoteOutcome TallyVotes(ulong[] voters)
    {
        int granted = 0;
        int rejected = 0;
        foreach (ulong id in voters)
        {
            bool? vote = Find(id)?.Vote;
            granted += vote == true ? 1 : 0;
            rejected += vote == false ? 1 : 0;
        }

        int majority = (voters.Length / 2) + 1;
        if (granted >= majority)
        {
            return VoteOutcome.Won;
        }

        return voters.Length - rejected < majority ? VoteOutcome.Lost : VoteOutcome.Pending;
    }
}
