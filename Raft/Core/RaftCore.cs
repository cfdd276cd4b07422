namespace Krewe.Raft.Core;

/// <summary>
/// Raft as a deterministic step machine: inputs (ticks, messages, proposals, completions) in, <see cref="Ready"/> out. No task, clock,
/// random source, disk or logger; the same inputs give the same outputs. Not thread safe: one caller at a time.
/// </summary>
/// <remarks>
/// The shape is that of etcd's library with asynchronous storage: the driver may have several Readys under way, the leader sends while
/// it writes, and what vouches for stored state (acknowledgements, votes, also this node's own) waits until that is durable.
/// Sources: the Raft paper (extended version) and Ongaro's dissertation, cited by section.
/// </remarks>
public sealed partial class RaftCore
{
    private readonly RaftOptions _options;
    private readonly RaftLog _log;
    private readonly ISnapshotSource _snapshots;
    private RaftRandom _random;

    private ulong _tick;
    private int _electionElapsedTicks;
    private int _heartbeatElapsedTicks;
    private int _randomizedElectionTicks;

    /// <summary>Ticks since a leader of the current or a later term was heard, saturating. Unlike the election timer nothing else resets it.</summary>
    private int _ticksSinceLeader;

    public RaftCore(RaftOptions options, RaftInitialState state, ILogReader logReader, ISnapshotSource snapshots)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(logReader);
        ArgumentNullException.ThrowIfNull(snapshots);
        options.Validate();
        _options = options;
        _snapshots = snapshots;
        _random = new RaftRandom(options.RandomSeed);
        _log = new RaftLog(options, state, logReader);
        Term = state.HardState.Term;
        Vote = state.HardState.Vote;
        Invariant.Check(_log.LastTerm <= Term, "the log is of a later term than the hard state: the hard state was lost");
        _emittedHardState = new HardState(Term, Vote, state.HardState.Commit);
        _ticksSinceLeader = int.MaxValue;
        _confIndex = state.AppliedIndex;
        SetConfiguration(state.ConfState);
        BecomeFollower(Term, leader: 0);

        // Before the restart this node may have promised a leader to vote for nobody else.
        _ticksSinceLeader = options.LeaseReads && Term != 0 ? 0 : int.MaxValue;
    }

    public ulong Id => _options.Id;

    public ulong Term { get; private set; }

    /// <summary>Whom this node voted for in <see cref="Term"/>; 0 for nobody.</summary>
    public ulong Vote { get; private set; }

    public RaftRole Role { get; private set; }

    /// <summary>The leader of <see cref="Term"/> as far as known; 0 for none.</summary>
    public ulong LeaderId { get; private set; }

    public bool IsLeader => Role == RaftRole.Leader;

    public ulong FirstIndex => _log.FirstIndex;

    public ulong LastIndex => _log.LastIndex;

    public ulong LastTerm => _log.LastTerm;

    public ulong CommitIndex => _log.Committed;

    public ulong AppliedIndex => _log.Applied;

    /// <summary>Durable here up to this index.</summary>
    public ulong StableIndex => _log.StableIndex;

    /// <summary>The configuration in force: as of the last applied change.</summary>
    public ConfState ConfState { get; private set; } = ConfState.Empty;

    /// <summary>Target of the transfer under way; 0 for none.</summary>
    public ulong TransferTarget { get; private set; }

    /// <summary>Payload of the leader's uncommitted tail.</summary>
    public long UncommittedBytes { get; private set; }

    /// <summary>Entries in memory.</summary>
    public ulong CachedEntries => _log.CachedEntries;

    internal CoreFaults Faults { get; set; }

    /// <summary>
    /// The term at <paramref name="index"/>, if that is in the log or the compaction point.
    /// </summary>
    public bool TryGetTerm(ulong index, out ulong term) => _log.TryTerm(index, out term);

    /// <summary>Time passes by one tick.</summary>
    public void Tick()
    {
        _tick++;
        _electionElapsedTicks++;
        if (_ticksSinceLeader < int.MaxValue)
        {
            _ticksSinceLeader++;
        }

        if (IsLeader)
        {
            TickLeader();
        }
        else if (IsPromotable && _electionElapsedTicks >= _randomizedElectionTicks)
        {
            _electionElapsedTicks = 0;
            Hup(forced: false);
        }
    }

    /// <summary>The log up to <paramref name="index"/> is compacted away on stable storage; slow peers get a snapshot instead.</summary>
    /// <param name="index">At most <see cref="AppliedIndex"/>.</param>
    public void CompactTo(ulong index) => _log.CompactTo(index);

    /// <summary>The state machine contains everything up to <paramref name="index"/> (entries or a restored snapshot).</summary>
    public void Applied(ulong index)
    {
        if (index <= _log.Applied)
        {
            return;
        }

        _log.AppliedTo(index);
        ReleaseApplyBudget(index);
        LeaveJointIfDue();
    }

    /// <summary>The leader's view of the members, in order of their IDs; empty on other nodes.</summary>
    public IReadOnlyList<ProgressStatus> GetProgress()
    {
        if (!IsLeader)
        {
            return [];
        }

        var status = new ProgressStatus[_progress.Length];
        for (int i = 0; i < status.Length; i++)
        {
            Progress p = _progress[i];
            status[i] = new ProgressStatus(p.Id, p.IsLearner, p.State, p.Match, p.Next, p.PendingSnapshot, p.RecentActive, p.InflightCount);
        }

        return status;
    }

    private bool Has(CoreFaults fault) => (Faults & fault) != 0;

    private void TickLeader()
    {
        _heartbeatElapsedTicks++;
        if (_electionElapsedTicks >= _options.ElectionTimeoutTicks)
        {
            _electionElapsedTicks = 0;
            if (_options.CheckQuorum && !QuorumIsActive())
            {
                BecomeFollower(Term, leader: 0);
                return;
            }

            AbortTransfer();
            LeaveJointIfDue();
        }

        if (_heartbeatElapsedTicks >= _options.HeartbeatTicks)
        {
            _heartbeatElapsedTicks = 0;
            BroadcastHeartbeat();
        }
    }

    private void BecomeFollower(ulong term, ulong leader)
    {
        Reset(term);
        LeaderId = leader;
        Role = RaftRole.Follower;
    }

    private void Reset(ulong term)
    {
        Invariant.Check(term >= Term, "the term must not go back");
        if (term != Term)
        {
            Term = term;
            Vote = 0;
        }

        LeaderId = 0;
        _electionElapsedTicks = 0;
        _heartbeatElapsedTicks = 0;
        RandomizeElectionTimeout();
        AbortTransfer();
        _leaseRevoked = false;
        _pendingConfIndex = 0;
        _selfVoteTerm = 0;
        _flushDue = false;
        UncommittedBytes = 0;
        ClearReads();
        foreach (Progress p in _progress)
        {
            p.Reset(_log.LastIndex + 1);
            p.Vote = null;
        }
    }

    private void RandomizeElectionTimeout()
        => _randomizedElectionTicks = _options.ElectionTimeoutTicks
            + _random.Next(_options.ElectionSpreadTicks == 0 ? _options.ElectionTimeoutTicks : _options.ElectionSpreadTicks);

    private void Send(in Message message)
    {
        Invariant.Check(message.To != Id && message.To != 0, "a message must go to another node");
        _next.MessageBuffer.Add(message with { From = Id });
    }

    /// <summary>For messages that vouch for state which must not be lost afterwards (Raft paper figure 2, "updated before responding").</summary>
    private void SendAfterDurable(in Message message)
    {
        Invariant.Check(message.To != Id && message.To != 0, "a message must go to another node");
        _next.DurableMessageBuffer.Add(message with { From = Id });
    }
}
