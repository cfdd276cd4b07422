using System.Threading.Channels;
using Krewe.Grains.Auth;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Leases;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Silo.Hosting;
using Krewe.Silo.Replication;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>One member on a <see cref="SharedLog"/>: the whole replicated state, applied by a task of its own.</summary>
internal sealed class LogMember : IReplicatedLog, IAppliedIndex, ICommandProposer, IAsyncDisposable
{
    private readonly SharedLog _log;
    private readonly LeadershipMonitor _leadership = new();
    private readonly AppliedIndexWaiters _applied = new();
    private readonly ApplyWaiters _waiters = new();
    private readonly List<Entry> _uncommitted = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly KeyspaceStateMachine _machine;
    private readonly Task _loop;
    private ulong _lastIndex;
    private ulong _appliedTerm;
    private ulong _leadingTerm;
    private ulong _applyLimit = ulong.MaxValue;

    public LogMember(SharedLog log, ulong memberId)
    {
        _log = log;
        Clocks = new LeaseClocks(log.LeaseTime, LeaseLimits.CheckpointInterval);
        MemberId = memberId;
        var options = new KeyspaceOptions();
        PendingOwners = new PendingOwners(Directory, Silos);
        Auth = new AuthModule(Tokens);
        Tokens.WaitWith(this);
        State = new KeyspaceState(
            options,
            new AppliedOwnership(Directory),
            [new SiloMembershipModule(Silos, Directory), new GrainDirectoryModule(Directory, Silos), Prefixes, Auth]);
        State.Load(Store);
        Tail = new Tail(State, options, PendingOwners);
        Timeout = new RequestTimeout(TimeSpan.FromSeconds(5), TimeProvider.System);
        Appender = new TailAppender(Tail, this, PendingOwners, Timeout, new PendingAuth(Auth, State));
        _machine = new KeyspaceStateMachine(State, Tail, PendingOwners, Clocks, LeaseOptions.For(1000));
        _loop = Task.Run(ApplyAsync);
        Wake();
    }

    public MemoryKeyspaceStore Store { get; } = new();

    public SiloTable Silos { get; } = new();

    public DirectoryTable Directory { get; } = new();

    public PendingOwners PendingOwners { get; }

    public PrefixMapModule Prefixes { get; } = new();

    public SimpleTokens Tokens { get; } = new(TimeSpan.FromMinutes(5), TimeProvider.System);

    public AuthModule Auth { get; }

    public KeyspaceState State { get; }

    public Tail Tail { get; }

    public TailAppender Appender { get; }

    public LeaseClocks Clocks { get; }

    public RequestTimeout Timeout { get; }

    public ulong MemberId { get; }

    public ulong LeaderId => _leadership.State.LeaderId;

    public ulong Term => _leadership.State.Term;

    public bool IsReadyLeader => _leadership.State.IsReady;

    public ulong AppliedIndex => _applied.Applied;

    /// <summary>See <see cref="SharedLog.CutOff"/>.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Entries that were appended here while this member led.</summary>
    public int Appended { get; private set; }

    public AppendRefusal TryAppend(ulong term, ReadOnlyMemory<byte> payload, out AppendedEntry entry)
    {
        entry = default;
        lock (_log.Gate)
        {
            var view = _leadership.State;
            if (!view.IsLeader || view.Term != term)
            {
                return AppendRefusal.NotLeader;
            }

            if (_uncommitted.Count == 0)
            {
                _lastIndex = _log.CommitIndex;
            }

            var raw = new Entry(++_lastIndex, term, EntryKind.Normal, payload);
            entry = new AppendedEntry(raw.Index, term, _waiters.Add(raw.Index, term));
            _uncommitted.Add(raw);
            Appended++;
            // One that does not know yet that it was replaced appends in vain.
            if (!_log.HoldsCommits && !IsCutOff && _log.LeaderId == MemberId && _log.Term == term)
            {
                _log.Commit(TakeUncommitted());
            }

            return AppendRefusal.None;
        }
    }

    public async ValueTask ReadBarrierAsync(CancellationToken cancellationToken)
    {
        if (IsCutOff || _log.LeaderId == 0)
        {
            throw new EtcdException(EtcdError.Timeout);
        }

        await _applied.WaitAsync(_log.CommitIndex).WaitAsync(cancellationToken);
    }

    public ValueTask WaitAppliedAsync(ulong index, CancellationToken cancellationToken) =>
        new(_applied.WaitAsync(index).WaitAsync(Timeout.Duration, cancellationToken));

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _leadership.WaitForChangeAsync(cancellationToken);

    /// <summary>As forwarded to the leader.</summary>
    public async ValueTask<object?> ProposeAsync(CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!IsCutOff && _log.LeaderId is not 0 and var leader && _log.Member(leader) is { IsReadyLeader: true } target)
            {
                try
                {
                    var result = await target.Appender.AppendModuleCommandAsync(target.Term, kind, payload);
                    await ReadBarrierAsync(cancellationToken);
                    return result;
                }
                catch (NotOwnerException)
                {
                    // It is not in the log: again.
                }
            }

            await Task.Delay(LeaderCall.RetryDelayMilliseconds, cancellationToken);
        }
    }

    /// <summary>Applies nothing beyond what is applied now, until told otherwise.</summary>
    public void HoldApply() => Volatile.Write(ref _applyLimit, AppliedIndex);

    public void ReleaseApply()
    {
        Volatile.Write(ref _applyLimit, ulong.MaxValue);
        Wake();
    }

    /// <summary>Under the log's gate.</summary>
    public Entry[] TakeUncommitted()
    {
        Entry[] taken = [.. _uncommitted];
        _uncommitted.Clear();
        return taken;
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        _wake.Writer.Complete();
        await _loop;
        _waiters.Close();
        State.Dispose();
        Store.Dispose();
    }

    private async Task ApplyAsync()
    {
        var outcomes = new List<EntryOutcome>();
        await foreach (var _ in _wake.Reader.ReadAllAsync())
        {
            if (IsCutOff)
            {
                continue;
            }

            foreach (var entry in _log.ReadFrom(AppliedIndex + 1))
            {
                if (entry.Index > Volatile.Read(ref _applyLimit))
                {
                    break;
                }

                outcomes.Clear();
                _machine.Apply([entry], outcomes);
                _appliedTerm = entry.Term;
                _applied.Advance(entry.Index);
                _waiters.Complete(entry.Index, entry.Term, outcomes[0]);
            }

            FollowLeadership();
        }
    }

    private void FollowLeadership()
    {
        LeadershipState state;
        lock (_log.Gate)
        {
            var leads = _log.LeaderId == MemberId;
            state = new LeadershipState(_log.Term, _log.LeaderId, leads, leads && _appliedTerm == _log.Term);
        }

        if (_leadingTerm != 0 && (!state.IsReady || state.Term != _leadingTerm))
        {
            _leadingTerm = 0;
            _leadership.Set(state with { IsReady = false });
            _machine.LeadershipLost();
        }

        if (state.IsReady && _leadingTerm == 0)
        {
            _leadingTerm = state.Term;
            lock (_log.Gate)
            {
                _uncommitted.Clear();
            }

            _machine.LeadershipGained(state.Term);
        }

        _leadership.Set(state);
    }
}
