namespace Krewe.Raft.Core;

/// <summary>Computes the configuration that follows from a change (dissertation chapter 4). Pure.</summary>
public static class ConfChanger
{
    /// <summary>The configuration after <paramref name="change"/>, or false with the reason why it can't be made.</summary>
    public static bool TryApply(ConfState current, ConfChange change, out ConfState next, out string? error)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(change);
        next = current;
        error = change.IsLeave ? CheckLeave(current) : CheckEnter(current, change);
        if (error is not null)
        {
            return false;
        }

        next = change.IsLeave ? LeaveJoint(current) : Enter(current, change, out error);
        return error is null;
    }

    private static string? CheckLeave(ConfState current) => current.IsJoint ? null : "the configuration is not joint";

    private static string? CheckEnter(ConfState current, ConfChange change)
    {
        if (current.IsJoint)
        {
            return "the joint configuration must be left first";
        }

        foreach (ConfChangeItem item in change.Items)
        {
            if (item.Id == 0 || item.Kind > ConfChangeKind.Update)
            {
                return "unknown kind of change or zero member ID";
            }
        }

        return change.Items.Count > ConfChange.MaxItems ? "too many changes at once" : null;
    }

    private static ConfState LeaveJoint(ConfState current)
        => new(current.VoterArray, null, [.. current.LearnerArray, .. current.LearnerNextArray]);

    private static ConfState Enter(ConfState current, ConfChange change, out string? error)
    {
        bool joint = change.NeedsJoint;
        var voters = new SortedSet<ulong>(current.VoterArray);
        var outgoing = joint ? new SortedSet<ulong>(current.VoterArray) : [];
        var learners = new SortedSet<ulong>(current.LearnerArray);
        var learnersNext = new SortedSet<ulong>();
        foreach (ConfChangeItem item in change.Items)
        {
            ApplyItem(item, voters, outgoing, learners, learnersNext);
        }

        error = voters.Count == 0 ? "the change removes all voters" : null;
        if (!joint && DifferentVoters(current.VoterArray, voters) > 1)
        {
            error ??= "more than one voter changes without a joint configuration";
        }

        return new ConfState(voters, outgoing, learners, learnersNext, joint && change.Transition != ConfChangeTransition.JointExplicit);
    }

    private static void ApplyItem(
        ConfChangeItem item, SortedSet<ulong> voters, SortedSet<ulong> outgoing, SortedSet<ulong> learners, SortedSet<ulong> learnersNext)
    {
        switch (item.Kind)
        {
            case ConfChangeKind.AddVoter:
                learners.Remove(item.Id);
                learnersNext.Remove(item.Id);
                voters.Add(item.Id);
                break;
            case ConfChangeKind.AddLearner:
                voters.Remove(item.Id);

                // An outgoing voter can't be a learner yet: it still has a vote in the joint configuration.
                (outgoing.Contains(item.Id) ? learnersNext : learners).Add(item.Id);
                break;
            case ConfChangeKind.Remove:
                voters.Remove(item.Id);
                learners.Remove(item.Id);
                learnersNext.Remove(item.Id);
                break;
            default:
                break;
        }
    }

    private static int DifferentVoters(ulong[] before, SortedSet<ulong> after)
    {
        int different = 0;
        foreach (ulong id in before)
        {
            different += after.Contains(id) ? 0 : 1;
        }

        foreach (ulong id in after)
        {
            different += ConfState.Contains(before, id) ? 0 : 1;
        }

        return different;
    }
}
