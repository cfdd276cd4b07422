using Krewe.Raft.Core;
using Krewe.Simulation.Checks;
using Krewe.Simulation.Model;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Engine;

/// <summary>
/// One history: nodes, network, disks, clients and faults in virtual time, all from one seed. First with faults, then
/// healed, when the cluster must make progress and its members must become equal.
/// </summary>
internal sealed partial class Cluster : INodeHost
{
    /// <summary>Members from the beginning.</summary>
    public const int Members = 5;

    /// <summary>Nodes that membership changes may add.</summary>
    public const int Spares = 2;

    /// <summary>Ticks after the faults end within which everything must be well.</summary>
    private const int RecoveryTicks = 400;

    private const int ClientTimeoutTicks = 25;

    /// <summary>One history in so many has the real write-ahead log under it.</summary>
    private const ulong RealLogEvery = 8;

    private const ulong BootstrapIndex = 1;
    private const ulong BootstrapTerm = 1;

    private readonly EventQueue _events = new();
    private readonly IWorkload _workload;
    private readonly SafetyChecker _checker;
    private readonly Nemesis _nemesis;
    private readonly SimClient[] _clients;
    private readonly List<SimSnapshot> _snapshots = [];
    private readonly TextWriter? _trace;
    private long _stamp;
    private bool _faultsEnded;
    private long _deadline;

    public Cluster(
        ulong seed,
        FaultProfile? profile = null,
        SeededBug bug = SeededBug.None,
        TextWriter? trace = null,
        Func<FaultProfile, IWorkload>? workload = null)
    {
        Random = new SimRandom(seed);
        FaultProfile drawn = FaultProfile.Draw(Random);
        Profile = profile ?? drawn with { RealLog = bug == SeededBug.None && seed % RealLogEvery == 0 };
        _trace = trace;
        _workload = (workload ?? CreateRegisters)(Profile);
        int count = Members + (Profile.Membership ? Spares : 0);
        var nodes = new SimNode[count];
        for (int i = 0; i < count; i++)
        {
            nodes[i] = new SimNode((ulong)i + 1, this, _workload, bug);
        }

        Nodes = nodes;
        Network = new SimNetwork(count);
        _checker = new SafetyChecker(nodes);
        _nemesis = new Nemesis(this);
        _clients = [.. Enumerable.Range(0, Profile.Clients).Select(_ => new SimClient())];
    }

    public SimRandom Random { get; }

    public long Now => _events.Now;

    public TextWriter? Trace => _trace;

    public FaultProfile Profile { get; private set; }

    public IReadOnlyList<SimNode> Nodes { get; }

    public SimNetwork Network { get; }

    /// <summary>Events handled.</summary>
    public long Steps => _events.Step;

    public ulong Committed => _checker.HighestCommit;

    public int Elections => _checker.LeaderCount;

    public int CompletedOperations { get; private set; }

    public IWorkload Workload => _workload;

    /// <summary>The leader of the highest term, if any.</summary>
    public SimNode? Leader
    {
        get
        {
            SimNode? leader = null;
            foreach (SimNode node in Nodes)
            {
                if (node.IsLeader && (leader is null || node.Core!.Term > leader.Core!.Term))
                {
                    leader = node;
                }
            }

            return leader;
        }
    }

    public void Run()
    {
        Begin();
        while (!_faultsEnded || !HasRecovered())
        {
            if (_faultsEnded && _events.Now > _deadline)
            {
                throw new SimulationException($"no recovery within {RecoveryTicks} ticks after the faults ended: {Describe()}");
            }

            Handle(_events.Next());
        }

        _workload.CheckHistory();
    }

    public void Crash(SimNode node)
    {
        if (!node.IsUp)
        {
            return;
        }

        _trace?.WriteLine($"{_events.Now} crash {node.Id}");
        node.Crash();
        int restartMax = Profile.RestartMaxTicks * FaultProfile.TickUnits;
        _events.Schedule(Random.Between(1, restartMax), new SimEvent(EventKind.Restart, (int)node.Id - 1, node.Incarnation, 0));
    }

    void INodeHost.Send(SimNode from, in Message message)
    {
        int source = (int)from.Id - 1;
        int target = (int)message.To - 1;
        if (message.Type == MessageType.Snapshot)
        {
            SendSnapshot(source, target, message);
            return;
        }

        if (Network.IsCut(source, target) || Random.Chance(Profile.Loss))
        {
            return;
        }

        Deliver(target, message);
        if (Random.Chance(Profile.Duplicate))
        {
            Deliver(target, message);
        }
    }

    void INodeHost.ScheduleDisk(SimNode node, bool stalled)
    {
        int delay = stalled ? Random.Between(Profile.DiskMin, Profile.DiskStallMax) : Random.Between(Profile.DiskMin, Profile.DiskMax);
        _events.Schedule(delay, new SimEvent(EventKind.DiskDone, (int)node.Id - 1, node.Incarnation, node.Disk.Queued.Count));
    }

    void INodeHost.ScheduleApply(SimNode node)
        => _events.Schedule(Random.Between(1, Profile.ApplyMax), new SimEvent(EventKind.ApplyDone, (int)node.Id - 1, node.Incarnation, 0));

    SimSnapshot INodeHost.Register(ulong index, ulong term, ConfState confState, object data)
        => Register(index, term, confState, data);

    SimSnapshot INodeHost.Find(SnapshotMetadata metadata) => _snapshots[BitConverter.ToInt32(metadata.Handle.Span)];

    void INodeHost.Complete(int client, int number, IOperation operation, object? result)
    {
        if (_clients[client].Number == number && _clients[client].IsWaiting)
        {
            operation.Completed(++_stamp, result);
            CompletedOperations++;
            Think(client);
        }
    }

    void INodeHost.Fail(int client, int number, IOperation operation)
    {
        operation.Failed();
        if (_clients[client].Number == number && _clients[client].IsWaiting)
        {
            Think(client);
        }
    }

    void INodeHost.Observe(SimNode node) => _checker.CheckNode(node);

    void INodeHost.ObserveStored(SimNode node, ReadOnlySpan<Entry> entries) => _checker.CheckStored(node, entries);

    void INodeHost.ObserveApplied(SimNode node, in Entry entry)
    {
        _trace?.WriteLine($"{_events.Now} node {node.Id} applies {entry.Index} term {entry.Term} {entry.Kind}");
        _checker.CheckApplied(node, entry);
    }

    void INodeHost.ObserveState(SimNode node) => _checker.CheckState(node);

    private static RegisterWorkload CreateRegisters(FaultProfile profile) => new RegisterWorkload(profile.Keys, profile.Clients);

    private void Begin()
    {
        var state = new ConfState(Enumerable.Range(1, Members).Select(i => (ulong)i));
        SimSnapshot bootstrap = Register(BootstrapIndex, BootstrapTerm, state, _workload.InitialSnapshot(BootstrapIndex, BootstrapTerm));
        _checker.Bootstrapped(BootstrapIndex, BootstrapTerm);
        foreach (SimNode node in Nodes)
        {
            if (node.Id <= Members)
            {
                node.Disk.Bootstrap(bootstrap);
            }

            node.TickPeriod = FaultProfile.TickUnits + Random.Between(-Profile.SkewPermille, Profile.SkewPermille);
            Start(node);
        }

        _nemesis.Prepare();
        for (int i = 0; i < _clients.Length; i++)
        {
            Think(i);
        }

        ScheduleNemesis();
        _events.Schedule((long)Profile.FaultTicks * FaultProfile.TickUnits, new SimEvent(EventKind.EndOfFaults, 0, 0, 0));
    }

    private void Start(SimNode node)
    {
        node.Start();
        _events.Schedule(Random.Between(1, (int)node.TickPeriod), new SimEvent(EventKind.Tick, (int)node.Id - 1, node.Incarnation, 0));
    }

    private void Handle(SimEvent item)
    {
        switch (item.Kind)
        {
            case EventKind.Deliver:
                HandleDelivery(item);
                break;
            case EventKind.CommitKnown:
                HandleAnswer(item);
                break;
            case EventKind.Client:
                StepClient(item.Target);
                break;
            case EventKind.ClientTimeout:
                TimeOutClient(item.Target, item.Stamp);
                break;
            case EventKind.Nemesis:
                HandleNemesis();
                break;
            case EventKind.EndOfFaults:
                EndFaults();
                break;
            case EventKind.Restart:
                HandleRestart(Nodes[item.Target]);
                break;
            default:
                HandleNodeEvent(item, Nodes[item.Target]);
                break;
        }
    }

    private void HandleNodeEvent(SimEvent item, SimNode node)
    {
        if (!node.IsUp || node.Incarnation != item.Stamp)
        {
            return;
        }

        switch (item.Kind)
        {
            case EventKind.Tick:
                _events.Schedule(node.TickPeriod, item);
                node.Tick();
                break;
            case EventKind.DiskDone:
                node.DiskDone(item.Slot);
                break;
            case EventKind.ApplyDone:
                node.ApplyDone();
                break;
            default:
                node.Core!.ReportSnapshot((ulong)(item.Slot >> 1), (item.Slot & 1) == 1);
                node.Process();
                break;
        }
    }

    private void HandleDelivery(SimEvent item)
    {
        Message message = Network.Take(item.Slot);
        SimNode node = Nodes[item.Target];
        if (node.IsUp)
        {
            _trace?.WriteLine($"{_events.Now} {Describe(message)}");
            node.Receive(message);
        }
    }

    private void Deliver(int target, in Message message) => Schedule(EventKind.Deliver, target, message);

    private void SendSnapshot(int source, int target, in Message message)
    {
        bool lost = Network.IsCut(source, target) || Random.Chance(Profile.Loss);
        if (!lost)
        {
            Deliver(target, message);
        }

        _events.Schedule(
            Random.Between(1, 3 * FaultProfile.TickUnits),
            new SimEvent(EventKind.SnapshotReport, source, Nodes[source].Incarnation, (int)(message.To << 1) | (lost ? 0 : 1)));
    }

    private void HandleRestart(SimNode node)
    {
        if (!node.IsUp)
        {
            _trace?.WriteLine($"{_events.Now} restart {node.Id}");
            Start(node);
        }
    }

    private void HandleNemesis()
    {
        if (!_faultsEnded)
        {
            _nemesis.Strike();
            ScheduleNemesis();
        }
    }

    private void ScheduleNemesis()
        => _events.Schedule(Random.Between(1, 2 * Profile.NemesisEveryTicks * FaultProfile.TickUnits), new SimEvent(EventKind.Nemesis, 0, 0, 0));

    private SimSnapshot Register(ulong index, ulong term, ConfState confState, object data)
    {
        var snapshot = new SimSnapshot(index, term, confState, data, _snapshots.Count);
        _snapshots.Add(snapshot);
        return snapshot;
    }

    private string Describe() => string.Join("; ", Nodes.Select(n => n.Core is { } core
        ? $"{n.Id} {core.Role} term {core.Term} log [{core.FirstIndex}, {core.LastIndex}] stable {core.StableIndex} commit {core.CommitIndex} "
            + $"applied {core.AppliedIndex} {core.ConfState} {string.Join(',', core.GetProgress())}"
        : $"{n.Id} down"));

    private static string Describe(in Message m) => $"{m.From}->{m.To} {m.Type} term {m.Term} index {m.Index} logterm {m.LogTerm} "
        + $"commit {m.Commit} entries {m.Entries.Length}{(m.Reject ? $" reject hint {m.RejectHint}" : "")} ctx {m.Context}";
}
