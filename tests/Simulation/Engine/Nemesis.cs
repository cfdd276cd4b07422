using Krewe.Raft.Core;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Engine;

/// <summary>Does harm: partitions, crashes, transfers, campaigns, membership changes, as the profile allows.</summary>
internal sealed class Nemesis(Cluster cluster)
{
    private const int MinVoters = 3;

    private readonly List<Action> _actions = [];

    public void Prepare()
    {
        FaultProfile profile = cluster.Profile;
        AddIf(profile.Partitions, Split, Heal, IsolateLeader);
        AddIf(profile.OneWayCuts, CutOneWay, Heal);
        AddIf(profile.Crashes, CrashOne, CrashOne, CrashLeader, CrashMany);
        AddIf(profile.Transfers, Transfer, Transfer);
        AddIf(profile.Campaigns, Campaign);
        AddIf(profile.Membership, ChangeMembership, ChangeMembership, ChangeMembership);
    }

    public void Strike()
    {
        if (_actions.Count > 0)
        {
            _actions[cluster.Random.Below(_actions.Count)]();
        }
    }

    private void AddIf(bool enabled, params ReadOnlySpan<Action> actions)
    {
        if (enabled)
        {
            _actions.AddRange(actions);
        }
    }

    private void Heal() => cluster.Network.HealAll();

    private void Split()
    {
        int count = cluster.Nodes.Count;
        int side = cluster.Random.Below(1 << count);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                if (((side >> a) & 1) != ((side >> b) & 1))
                {
                    cluster.Network.Cut(a, b);
                }
            }
        }
    }

    private void IsolateLeader()
    {
        if (cluster.Leader is { } leader)
        {
            int at = (int)leader.Id - 1;
            for (int other = 0; other < cluster.Nodes.Count; other++)
            {
                cluster.Network.Cut(at, other);
                cluster.Network.Cut(other, at);
            }
        }
    }

    private void CutOneWay()
    {
        for (int i = cluster.Random.Between(1, 4); i > 0; i--)
        {
            cluster.Network.Cut(cluster.Random.Below(cluster.Nodes.Count), cluster.Random.Below(cluster.Nodes.Count));
        }
    }

    private void CrashOne() => cluster.Crash(cluster.Nodes[cluster.Random.Below(cluster.Nodes.Count)]);

    private void CrashLeader()
    {
        if (cluster.Leader is { } leader)
        {
            cluster.Crash(leader);
        }
    }

    private void CrashMany()
    {
        foreach (SimNode node in cluster.Nodes)
        {
            if (cluster.Random.Chance(0.5))
            {
                cluster.Crash(node);
            }
        }
    }

    private void Transfer()
    {
        if (cluster.Leader is { } leader)
        {
            leader.Core!.TransferLeadership((ulong)cluster.Random.Between(1, cluster.Nodes.Count));
            leader.Process();
        }
    }

    private void Campaign()
    {
        SimNode node = cluster.Nodes[cluster.Random.Below(cluster.Nodes.Count)];
        if (node.IsUp)
        {
            node.Core!.Campaign();
            node.Process();
        }
    }

    private void ChangeMembership()
    {
        if (cluster.Leader is not { } leader)
        {
            return;
        }

        leader.Core!.ProposeConfChange(DrawChange(leader.Core.ConfState), out _, out _);
        leader.Process();
    }

    private ConfChange DrawChange(ConfState state)
    {
        SimRandom random = cluster.Random;
        if (state.IsJoint)
        {
            return ConfChange.Leave;
        }

        int items = random.Pick(1, 1, 1, 2, 3);
        ConfChangeTransition transition = random.Pick(
            ConfChangeTransition.Auto, ConfChangeTransition.Auto, ConfChangeTransition.JointImplicit, ConfChangeTransition.JointExplicit);
        var changes = new List<ConfChangeItem>();
        int voters = state.Voters.Count;
        for (int i = 0; i < items; i++)
        {
            ulong id = (ulong)random.Between(1, cluster.Nodes.Count);
            ConfChangeKind kind = random.Pick(ConfChangeKind.AddVoter, ConfChangeKind.AddLearner, ConfChangeKind.Remove, ConfChangeKind.AddVoter);
            bool losesVoter = kind != ConfChangeKind.AddVoter && state.IsVoter(id);
            if (losesVoter && --voters < MinVoters)
            {
                kind = ConfChangeKind.AddVoter;
            }

            changes.Add(new ConfChangeItem(kind, id));
        }

        return new ConfChange(transition, changes, default);
    }
}
