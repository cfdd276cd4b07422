namespace Krewe.Raft.Core;

/// <summary>A configuration: who votes and who learns. All lists are sorted and free of duplicates.</summary>
/// <remarks>
/// While <see cref="VotersOutgoing"/> is not empty the configuration is joint: decisions need a majority of both lists
/// (dissertation section 4.3). <see cref="LearnersNext"/> are outgoing voters that become learners when the joint
/// configuration is left.
/// </remarks>
public sealed class ConfState : IEquatable<ConfState>
{
    public static readonly ConfState Empty = new([], [], [], [], autoLeave: false);

    public ConfState(
        IEnumerable<ulong> voters,
        IEnumerable<ulong>? votersOutgoing = null,
        IEnumerable<ulong>? learners = null,
        IEnumerable<ulong>? learnersNext = null,
        bool autoLeave = false)
    {
        ArgumentNullException.ThrowIfNull(voters);
        VoterArray = Sorted(voters);
        OutgoingArray = Sorted(votersOutgoing);
        LearnerArray = Sorted(learners);
        LearnerNextArray = Sorted(learnersNext);
        AutoLeave = autoLeave;
    }

    public IReadOnlyList<ulong> Voters => VoterArray;

    public IReadOnlyList<ulong> VotersOutgoing => OutgoingArray;

    public IReadOnlyList<ulong> Learners => LearnerArray;

    public IReadOnlyList<ulong> LearnersNext => LearnerNextArray;

    /// <summary>The leader leaves the joint configuration by itself as soon as it is applied.</summary>
    public bool AutoLeave { get; }

    public bool IsJoint => OutgoingArray.Length > 0;

    internal ulong[] VoterArray { get; }

    internal ulong[] OutgoingArray { get; }

    internal ulong[] LearnerArray { get; }

    internal ulong[] LearnerNextArray { get; }

    public bool IsVoter(ulong id) => Contains(VoterArray, id) || Contains(OutgoingArray, id);

    public bool IsLearner(ulong id) => Contains(LearnerArray, id);

    public bool IsMember(ulong id) => IsVoter(id) || IsLearner(id);

    /// <summary>Whether <paramref name="id"/> alone decides everything.</summary>
    public bool IsSingleVoter(ulong id) => OutgoingArray.Length == 0 && VoterArray.Length == 1 && VoterArray[0] == id;

    public bool Equals(ConfState? other) => other is not null
        && AutoLeave == other.AutoLeave
        && VoterArray.AsSpan().SequenceEqual(other.VoterArray)
        && OutgoingArray.AsSpan().SequenceEqual(other.OutgoingArray)
        && LearnerArray.AsSpan().SequenceEqual(other.LearnerArray)
        && LearnerNextArray.AsSpan().SequenceEqual(other.LearnerNextArray);

    public override bool Equals(object? obj) => Equals(obj as ConfState);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (ulong id in VoterArray)
        {
            hash.Add(id);
        }

        hash.Add(OutgoingArray.Length);
        hash.Add(LearnerArray.Length);
        hash.Add(AutoLeave);
        return hash.ToHashCode();
    }

    public override string ToString()
    {
        string text = $"voters=({string.Join(' ', VoterArray)})";
        text += OutgoingArray.Length > 0 ? $" outgoing=({string.Join(' ', OutgoingArray)})" : "";
        text += LearnerArray.Length > 0 ? $" learners=({string.Join(' ', LearnerArray)})" : "";
        text += LearnerNextArray.Length > 0 ? $" learners-next=({string.Join(' ', LearnerNextArray)})" : "";
        return AutoLeave ? text + " auto-leave" : text;
    }

    internal static bool Contains(ulong[] sorted, ulong id) => Array.IndexOf(sorted, id) >= 0;

    private static ulong[] Sorted(IEnumerable<ulong>? ids)
    {
        if (ids is null)
        {
            return [];
        }

        var set = new SortedSet<ulong>(ids);
        Invariant.Check(!set.Contains(0), "0 is not a member ID");
        return [.. set];
    }
}
