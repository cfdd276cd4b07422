using Krewe.Raft.Core;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Model;

namespace Krewe.Simulation.Nodes;

/// <summary>A node: the real core, and a driver of it over a simulated disk. Dies and comes back with what its disk kept.</summary>
internal sealed partial class SimNode(ulong id, INodeHost host, IWorkload workload, SeededBug bug) : ISnapshotSource
{
    private readonly Dictionary<ulong, PendingWrite> _writes = [];
    private readonly Dictionary<ulong, PendingSimRead> _reads = [];
    private readonly List<PendingSimRead> _confirmed = [];
    private readonly Queue<ApplyWork> _applying = new();
    private INodeService? _service;
    private bool _snapshotWanted;
    private EntryKind _lastApplied = EntryKind.ConfChange;
    private ulong _contexts;

    public ulong Id { get; } = id;

    public SimDisk Disk { get; } = new(bug, host.Profile.RealLog ? new SimWal(id) : null);

    /// <summary>Null while the node is down.</summary>
    public RaftCore? Core { get; private set; }

    public int Incarnation { get; private set; }

    public long TickPeriod { get; set; } = FaultProfile.TickUnits;

    public INodeHost Host => host;

    public SeededBug Bug => bug;

    /// <summary>Of the present incarnation; nothing before the first start.</summary>
    public IStateMachine State { get; private set; } = null!;

    public ulong Applied { get; private set; }

    public ulong AppliedTerm { get; private set; }

    /// <summary>What happened here, over all incarnations: proof that a simulation reached it.</summary>
    public NodeCounts Counts { get; } = new();

    public bool IsUp => Core is not null;

    public bool IsLeader => Core is { IsLeader: true };

    public void Start()
    {
        FaultProfile profile = host.Profile;
        Incarnation++;
        State = workload.CreateStateMachine(this);
        _service = State as INodeService;
        if (Disk.Checkpoint.Data is { } data)
        {
            State.Restore(data);
        }

        Applied = Disk.Checkpoint.Index;
        AppliedTerm = Disk.Checkpoint.Term;
        int tail = (int)(Disk.LastIndex - Disk.CompactIndex);
        Core = new RaftCore(Options(profile), new RaftInitialState
        {
            HardState = Disk.HardState,
            ConfState = Disk.Checkpoint.ConfState,
            SnapshotIndex = Disk.CompactIndex,
            SnapshotTerm = Disk.CompactTerm,
            LastIndex = Disk.LastIndex,
            AppliedIndex = Applied,
            RecentEntries = Disk.Tail(host.Random.Below(tail + 1)),
        }, Disk, this)
        {
            Faults = CoreFaultsOf(bug),
        };
        Process();
    }

    public void Crash()
    {
        Core = null;
        Counts.Crashes++;
        Disk.Crash(host.Random);
        Counts.TornTails = Disk.TornTails;
        _writes.Clear();
        _reads.Clear();
        _confirmed.Clear();
        _applying.Clear();
        _snapshotWanted = false;
    }

    public void Tick()
    {
        Core!.Tick();
        CompactIfDue();
        _service?.Tick();
        Process();
    }

    public void Receive(in Message message)
    {
        Core!.Step(message);
        Process();
    }

    /// <summary>As the product's node does when an answer says where its entry stands.</summary>
    public void ObserveCommitted(ulong index, ulong term)
    {
        ulong before = Core!.CommitIndex;
        if (bug == SeededBug.CommitWithoutComparingTerms && Core.TryGetTerm(index, out ulong ours))
        {
            term = ours;
        }

        if (index > before)
        {
            Core.ObserveCommitted(index, term);
            Counts.CommitsLearnt += Core.CommitIndex > before ? 1 : 0;
            Process();
        }
    }

    public bool TryWrite(int client, int number, IOperation operation)
    {
        if (_service is not null)
        {
            return _service.TryWrite(client, number, operation);
        }

        if (Core!.TryPropose(operation.Command, out ulong index, out ulong term) != ProposeResult.Accepted)
        {
            return false;
        }

        _writes[index] = new PendingWrite(term, client, number, operation);
        return true;
    }

    public bool TryRead(int client, int number, IOperation operation)
    {
        var read = new PendingSimRead(client, number, operation);
        if (operation.IsSerializable || (bug == SeededBug.ReadLocallyOnLeader && Core!.IsLeader))
        {
            read.Index = Applied;
            Confirm(read);
            return true;
        }

        if (Core!.TryLeaseRead(out ulong index))
        {
            Counts.LeaseReads++;
            read.Index = index;
            Confirm(read);
            return true;
        }

        ulong incarnation = bug == SeededBug.ReuseReadContexts ? 0 : (ulong)Incarnation;
        ulong context = (incarnation << 32) | ++_contexts;
        if (bug == SeededBug.ReuseReadContexts)
        {
            context = 1;
        }

        if (!Core.ReadIndex(context))
        {
            return false;
        }

        _reads[context] = read;
        return true;
    }

    /// <summary>Does everything that the core has work for.</summary>
    public void Process()
    {
        host.Observe(this);
        while (Core is { HasReady: true } core)
        {
            Handle(core, core.TakeReady());
            host.Observe(this);
        }
    }

    public void DiskDone(int writes)
    {
        Disk.Syncing = false;
        ulong sequence = 0;
        var messages = new List<Message>();
        for (int i = 0; i < writes; i++)
        {
            DiskWrite done = Disk.CompleteNext();
            sequence = Math.Max(sequence, done.Sequence);
            messages.AddRange(done.Messages);
            if (done.Snapshot is not null)
            {
                _applying.Enqueue(new ApplyWork([], done.Snapshot));
                ApplySoon();
            }
        }

        Core!.AppendDurable(sequence);
        foreach (Message message in messages)
        {
            host.Send(this, message);
        }

        Process();
        SyncIfNeeded();
    }

    public void ApplyDone()
    {
        ApplyAll();
        Process();
    }

    public SnapshotMetadata? TryGetSnapshot(ulong minIndex)
    {
        if (Disk.Checkpoint.Index >= minIndex)
        {
            return Disk.Checkpoint.Metadata;
        }

        _snapshotWanted = true;
        return null;
    }

    private static CoreFaults CoreFaultsOf(SeededBug bug)
        => Enum.TryParse(bug.ToString(), out CoreFaults fault) ? fault : CoreFaults.None;

    private RaftOptions Options(FaultProfile profile) => new()
    {
        Id = Id,
        HeartbeatTicks = profile.HeartbeatTicks,
        PreVote = profile.PreVote,
        CheckQuorum = profile.CheckQuorum,
        LeaseReads = profile.LeaseReads,
        RandomSeed = host.Random.NextUInt64(),
        MaxInflightMessages = profile.MaxInflightMessages,
        MaxMessageBytes = profile.MaxMessageBytes,
        MaxUncommittedBytes = profile.MaxUncommittedBytes,
        MaxCommittedBytesPerReady = profile.MaxCommittedBytesPerReady,
        MaxApplyingBytes = profile.MaxCommittedBytesPerReady,
        MaxUndurableReadys = host.Profile.MaxInflightMessages,
        MaxCachedEntries = 0,
    };

    private void Handle(RaftCore core, Ready ready)
    {
        foreach (Message message in ready.Messages.Span)
        {
            host.Send(this, message);
        }

        host.ObserveStored(this, ready.Entries.Span);
        Message[] waiting = ready.MessagesAfterDurable.ToArray();
        if (bug == SeededBug.AcknowledgeBeforeDurable)
        {
            foreach (Message message in waiting)
            {
                host.Send(this, message);
            }

            waiting = [];
        }

        if (ready.HasStorageWork || waiting.Length > 0)
        {
            SimSnapshot? snapshot = ready.Snapshot is { } metadata ? host.Find(metadata) : null;
            Disk.Queue(new DiskWrite(
                ready.HardState, snapshot, ready.Entries.ToArray(), ready.AppendSequence, ready.MustSync, waiting));
            SyncIfNeeded();
        }

        if (bug == SeededBug.LeaderCountsItselfBeforeDurable && core.IsLeader)
        {
            core.AppendDurable(ready.AppendSequence);
        }

        foreach (ReadState state in ready.ReadStates.Span)
        {
            if (_reads.Remove(state.Context, out PendingSimRead? read))
            {
                read.Index = state.Index;
                Confirm(read);
            }
        }

        if (ready.SoftState is not null && _service is not null)
        {
            ApplySoon();
        }

        if (ready.CommittedEntries.Length > 0)
        {
            _applying.Enqueue(new ApplyWork(ready.CommittedEntries.ToArray(), null));
            ApplySoon();
        }

        core.Recycle(ready);
    }

    private void SyncIfNeeded()
    {
        if (Disk.Syncing || Disk.Queued.Count == 0 || Core is null)
        {
            return;
        }

        Disk.Syncing = true;
        host.ScheduleDisk(this, host.Random.Chance(host.Profile.DiskStall));
    }

    private void Confirm(PendingSimRead read)
    {
        _confirmed.Add(read);
        AnswerReads();
    }

    private void AnswerReads()
    {
        for (int i = _confirmed.Count - 1; i >= 0; i--)
        {
            PendingSimRead read = _confirmed[i];
            if (read.Index <= Applied)
            {
                _confirmed.RemoveAt(i);
                host.Complete(read.Client, read.Number, read.Operation, read.Operation.Read(State));
            }
        }
    }
}
