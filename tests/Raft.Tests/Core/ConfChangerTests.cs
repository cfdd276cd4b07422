using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Core;

public sealed class ConfChangerTests
{
    [Fact]
    public void Two_voters_at_once_need_a_joint_configuration()
    {
        var state = new ConfState([1, 2, 3]);
        var change = new ConfChange(
            ConfChangeTransition.Auto, [new(ConfChangeKind.AddVoter, 4), new(ConfChangeKind.AddVoter, 5)], default);
        Assert.True(ConfChanger.TryApply(state, change, out ConfState next, out _));
        Assert.Equal(new ConfState([1, 2, 3, 4, 5], [1, 2, 3], autoLeave: true), next);
    }

    [Theory]
    [InlineData(ConfChangeKind.Remove, 1UL)]
    [InlineData(ConfChangeKind.AddLearner, 1UL)]
    [InlineData(ConfChangeKind.AddVoter, 0UL)]
    [InlineData((ConfChangeKind)9, 2UL)]
    public void Changes_that_make_no_sense_are_refused(ConfChangeKind kind, ulong id)
        => Assert.False(ConfChanger.TryApply(new ConfState([1]), ConfChange.Single(kind, id), out _, out _));

    /// <summary>What must be true after any sequence of changes (dissertation section 4.3).</summary>
    [Fact]
    public void Random_changes_keep_configurations_sound()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var state = new ConfState([1, 2, 3]);
            for (int i = 0; i < 50; i++)
            {
                ConfChange change = random.Next(3) == 0 ? ConfChange.Leave : Draw(random);
                ConfState before = state;
                if (!ConfChanger.TryApply(state, change, out state, out string? error))
                {
                    Assert.NotNull(error);
                    state = before;
                    continue;
                }

                AssertSound(before, state);
            }
        }
    }

    private static ConfChange Draw(Random random)
    {
        var items = new ConfChangeItem[random.Next(1, 4)];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = new ConfChangeItem((ConfChangeKind)random.Next(4), (ulong)random.Next(1, 7));
        }

        return new ConfChange((ConfChangeTransition)random.Next(3), items, default);
    }

    private static void AssertSound(ConfState before, ConfState after)
    {
        Assert.NotEmpty(after.Voters);
        Assert.DoesNotContain(after.Learners, after.IsVoter);
        Assert.All(after.LearnersNext, id => Assert.Contains(id, after.VotersOutgoing));
        Assert.DoesNotContain(after.LearnersNext, id => after.Voters.Contains(id));
        if (after.IsJoint)
        {
            Assert.Equal(before.Voters, after.VotersOutgoing);
        }
        else
        {
            Assert.Empty(after.LearnersNext);
            Assert.False(after.AutoLeave);
            int different = after.Voters.Except(before.Voters).Count() + before.Voters.Except(after.Voters).Count();
            Assert.True(before.IsJoint || different <= 1);
        }
    }
}
