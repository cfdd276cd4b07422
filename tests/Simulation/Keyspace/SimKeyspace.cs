using System.Diagnostics.CodeAnalysis;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Leases;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Model;
using Krewe.Simulation.Nodes;
using IStateMachine = Krewe.Simulation.Model.IStateMachine;

namespace Krewe.Simulation.Keyspace;

/// <summary>
/// The keyspace of one node from its start to its crash: the product's state, tail, fence, appender, lease clocks and waiters, wired as a silo
/// wires them; only the grains themselves are models.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It holds nothing outside memory, and a crash disposes of nothing.")]
internal sealed partial class SimKeyspace : IStateMachine, INodeService
{
    /// <summary>How often the whole state is hashed, in entries; what is cheap is hashed at each.</summary>
    private const ulong DeepHashEvery = 8;

    private readonly SimNode _node;
    private readonly KeyspaceHistory _history;
    private readonly DirectoryTable _directory = new();
    private readonly PrefixMapModule _prefixes = new();
    private readonly PendingOwners _pendingOwners;
    private readonly Tail _tail;
    private readonly ApplyWaiters _waiters = new();
    private readonly SimReplicatedLog _log;
    private readonly TailAppender _appender;
    private readonly LeaseClocks _clocks;
    private readonly KeyspaceStateMachine _machine;
    private readonly List<EntryOutcome> _outcomes = [];
    private readonly string _silo;
    private MemoryKeyspaceStore _store = new();
    private ulong _leadingTerm;
    private bool _hasLed;
    private long _ticks;

    public SimKeyspace(SimNode node, KeyspaceHistory history)
    {
        _node = node;
        _history = history;
        _silo = $"S{node.Id}@{node.Incarnation}";
        var silos = new SiloTable();
        var clock = new SimClock(node);
        IStateModule[] modules = [new SiloMembershipModule(silos, _directory), new GrainDirectoryModule(_directory, silos), _prefixes];
        State = new KeyspaceState(KeyspaceLayout.Options, new AppliedFence(_directory, Has(SeededBug.SkipFence)), modules) { Sink = this };
        _pendingOwners = new PendingOwners(_directory, silos);
        ITailOwnership owners = Has(SeededBug.SkipFence) || Has(SeededBug.SkipTailFence) ? new OpenTailFence(_pendingOwners) : _pendingOwners;
        _tail = new Tail(State, KeyspaceLayout.Options, owners);
        _log = new SimReplicatedLog(node, _waiters);
        _appender = new TailAppender(_tail, _log, owners, new RequestTimeout(Timeout.InfiniteTimeSpan, clock));
        _clocks = new LeaseClocks(clock, CheckpointInterval);
        _machine = new KeyspaceStateMachine(State, _tail, _pendingOwners, _clocks, LeaseOptions.For(ElectionTimeoutMilliseconds));
        State.Load(_store);
    }

    public KeyspaceState State { get; }

    public bool AppliesGroups => true;

    public ulong Fingerprint
    {
        get
        {
            ulong cheap = Mix(Mix(Mix((ulong)State.Revision, (ulong)State.CompactRevision), (ulong)State.KeyCount), (ulong)_directory.Count);
            return State.AppliedIndex % DeepHashEvery == 0 ? Mix(cheap, KeyspaceFingerprint.Of(State, _store)) : cheap;
        }
    }

    private SimRandom Random => _node.Host.Random;

    public void Apply(ReadOnlySpan<Entry> entries, Span<object?> results)
    {
        ReadOnlySpan<Entry> given = entries;
        if (Has(SeededBug.SwapAppliedCommands) && _node.Id == 2)
        {
            entries = SwapCommands(entries);
        }

        _outcomes.Clear();
        _machine.Apply(entries, _outcomes);
        for (int i = 0; i < entries.Length; i++)
        {
            _history.Applied(_node.Id, given[i], _outcomes[i].Status);
            _waiters.Complete(entries[i].Index, entries[i].Term, _outcomes[i]);
        }
    }

    public object TakeSnapshot() => _store.Copy();

    public void Restore(object snapshot)
    {
        _history.Counts.StoreCopies++;
        var data = (MemoryKeyspaceStore)snapshot;
        _machine.Snapshots = new SimSnapshotStores(data, store => _store = store);
        _machine.Restore(new SnapshotMetadata(data.AppliedIndex, Term: 0, ConfState.Empty, default));
        _waiters.Skip(State.AppliedIndex);
    }

    /// <summary>As the product's node does it: leadership counts once the first entry of the term is applied.</summary>
    public void FollowLeadership()
    {
        RaftCore core = _node.Core!;
        bool isReady = core.IsLeader && (_node.AppliedTerm == core.Term || Has(SeededBug.LeadBeforeTermApplied));
        if (_leadingTerm != 0 && (!isReady || core.Term != _leadingTerm))
        {
            _leadingTerm = 0;
            _log.Publish(core.Term, core.LeaderId, isReadyLeader: false);
            LeadershipLost();
        }

        if (isReady && _leadingTerm == 0)
        {
            _leadingTerm = core.Term;
            LeadershipGained(core.Term);
        }

        _log.Publish(core.Term, core.LeaderId, isReady);
    }

    public void Tick()
    {
        _ticks++;
        if (_log.IsReadyLeader)
        {
            Flush();
            ExpireLeases();
            CheckpointLeases();
            DoMischief();
        }

        if (Random.Chance(0.3))
        {
            _history.Counts.CompactionSteps++;
            State.CompactStep(Random.Between(1, 8));
        }

        ServeWatchers();
    }

    private void LeadershipGained(ulong term)
    {
        if (Has(SeededBug.KeepTailOverTerms) && _hasLed)
        {
            typeof(Tail).GetProperty(nameof(Tail.Term))!.SetValue(_tail, term);
            _pendingOwners.Clear();
        }
        else if (Has(SeededBug.KeepLeaseClocksOverTerms) && _hasLed)
        {
            _tail.Reset(term);
            _pendingOwners.Clear();
        }
        else
        {
            _machine.LeadershipGained(term);
        }

        _hasLed = true;
    }

    private void LeadershipLost()
    {
        if (!Has(SeededBug.KeepLeaseClocksOverTerms))
        {
            _machine.LeadershipLost();
        }

        FailQueue();
        if (Has(SeededBug.LostLeadershipMeansNotWritten))
        {
            ForgetInFlight();
        }
    }

    private bool Has(SeededBug bug) => _node.Bug == bug;

    private static Entry[] SwapCommands(ReadOnlySpan<Entry> entries)
    {
        Entry[] swapped = entries.ToArray();
        for (int i = 1; i < swapped.Length; i++)
        {
            if (swapped[i - 1].Kind == EntryKind.Normal && swapped[i].Kind == EntryKind.Normal)
            {
                (swapped[i - 1], swapped[i]) = (swapped[i - 1] with { Data = swapped[i].Data }, swapped[i] with { Data = swapped[i - 1].Data });
            }
        }

        return swapped;
    }

    private static ulong Mix(ulong a, ulong b)
    {
        ulong hash = (a ^ b) * 0x9E3779B97F4A7C15;
        return (hash ^ (hash >> 29)) + b;
    }
}
