using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Snapshots;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Replication;

/// <summary>
/// Drives the Raft core of this member: gives it time, messages and proposals, and takes its work to the log writer, the applier and the
/// peers. Everything that touches the core holds one lock, for microseconds; nothing that waits for a disk holds it, so
/// heartbeats never do (design, section 9).
/// </summary>
internal sealed partial class RaftNode : IReplicatedLog, IConfigurationLog, IAppliedIndex, ISnapshotCore, IDisposable
{
    private readonly Lock _gate = new();
    private readonly RaftCore _core;
    private readonly IStateMachine _machine;
    private readonly IPeerTransport _transport;
    private readonly ReplicationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogWriter _writer;
    private readonly Applier _applier;
    private readonly ApplyWaiters _waiters = new();
    private readonly AppliedIndexWaiters _applied = new();
    private readonly LeadershipMonitor _leadership = new();
    private readonly ReadIndexRound _readIndex;
    private readonly Action<Exception> _fatal;
    private ITimer? _ticker;
    private ulong _lastAppliedTerm;
    private ulong _leadingTerm;
    private long _proposalsFailed;
    private bool _isStopped;
    private bool _isDisposed;
    private bool _hasFailed;
    private bool _mayLeadAlone;

    public RaftNode(
        RaftCore core,
        WriteAheadLog log,
        IStateMachine machine,
        IPeerTransport transport,
        ReplicationOptions options,
        TimeProvider time,
        Action<Exception> fatal,
        ILogger<RaftNode> logger)
    {
        _core = core;
        _machine = machine;
        _transport = transport;
        _options = options;
        _time = time;
        _fatal = fatal;
        _logger = logger;
        _readIndex = new ReadIndexRound(RequestReadIndex, options.RequestTimeout, options.ReadIndexRetryInterval, time);
        _writer = new LogWriter(log, options, time, Durable, Failed, logger);
        _applier = new Applier(machine, options, time, _waiters, _applied, Configure, Applied, FollowLeadership, Failed, logger);
        _applied.Advance(core.AppliedIndex);
        core.TryGetTerm(core.AppliedIndex, out _lastAppliedTerm);
    }

    public ulong MemberId => _core.Id;

    public ulong LeaderId => _leadership.State.LeaderId;

    public ulong Term => _leadership.State.Term;

    public bool IsReadyLeader => _leadership.State.IsReady;

    public ulong AppliedIndex => _applied.Applied;

    /// <summary>Index of the last log entry.</summary>
    public ulong LastIndex
    {
        get
        {
            lock (_gate)
            {
                return _core.LastIndex;
            }
        }
    }

    public ulong CommitIndex
    {
        get
        {
            lock (_gate)
            {
                return _core.CommitIndex;
            }
        }
    }

    public int PendingProposals => _waiters.Count;

    public long FailedProposals => Interlocked.Read(ref _proposalsFailed);

    public long SlowApplies => _applier.SlowApplies;

    public long LeaderChangesSeen => _leadership.LeaderChangesSeen;

    /// <summary>Raised on the applier's thread with the highest applied index after each group of entries.</summary>
    public event Action<ulong>? AppliedAdvanced;

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _leadership.WaitForChangeAsync(cancellationToken);

    /// <summary>Starts the threads and the clock. A single voter leads at once instead of waiting for an election timeout.</summary>
    public void Start()
    {
        _writer.Start();
        _applier.Start();
        lock (_gate)
        {
            if (_core.ConfState.IsSingleVoter(_core.Id))
            {
                _core.Campaign();
            }

            Pump();
        }

        var tick = TimeSpan.FromMilliseconds(_options.TickMilliseconds);
        _ticker = _time.CreateTimer(static node => ((RaftNode)node!).Tick(), this, tick, tick);
    }

    public AppendRefusal TryAppend(ulong term, ReadOnlyMemory<byte> payload, out AppendedEntry entry)
    {
        entry = default;
        var refusal = Propose(term, payload, ref entry);
        if (refusal != AppendRefusal.None)
        {
            Interlocked.Increment(ref _proposalsFailed);
        }

        return refusal;
    }

    /// <summary>Has the applier do its idle work soon.</summary>
    public void WakeApplier() => _applier.Wake();

    /// <summary>Has the log forget what the store holds durably, up to the marker.</summary>
    public void ReleaseLog(ulong index, ReadOnlyMemory<byte> confState)
    {
        // The store may hold entries already that the core has not been told of.
        var released = Touch(index, default(SnapshotMarker), static (node, index) => node.Compact(Math.Min(index, node._core.AppliedIndex)));
        if (released.Index != 0)
        {
            _writer.ReleaseTo(released with { ConfState = confState });
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _isStopped = true;
        }

        _ticker?.Dispose();
        _writer.Dispose();
        _applier.Dispose();
        _readIndex.Close();
        _waiters.Close();
    }

    private AppendRefusal Propose(ulong term, ReadOnlyMemory<byte> payload, ref AppendedEntry entry)
    {
        if (_writer.IsDiskFull || _applier.IsStoreFaulted)
        {
            return AppendRefusal.DiskFull;
        }

        (var refusal, entry) = Touch(
            (term, payload),
            (AppendRefusal.Stopped, default(AppendedEntry)),
            static (node, proposal) =>
            {
                if (node._core.Term != proposal.term)
                {
                    return (AppendRefusal.NotLeader, default);
                }

                var result = node._core.TryPropose(proposal.payload, out var index, out var appendedTerm);
                return node.Proposed(result, index, appendedTerm);
            });
        return refusal;
    }

    private (AppendRefusal Refusal, AppendedEntry Entry) Proposed(ProposeResult result, ulong index, ulong term)
    {
        if (result != ProposeResult.Accepted)
        {
            return (Refusal(result), default);
        }

        var entry = new AppendedEntry(index, term, _waiters.Add(index, term));
        Pump();
        return (AppendRefusal.None, entry);
    }

    private static AppendRefusal Refusal(ProposeResult result) => result switch
    {
        ProposeResult.NotLeader => AppendRefusal.NotLeader,
        ProposeResult.TransferInProgress => AppendRefusal.Transferring,
        _ => AppendRefusal.Overloaded,
    };

    private void Tick()
    {
        Touch(this, static (node, _) =>
        {
            node._core.Tick();
            node.Pump(flush: false);
        });
        _transport.Flush();
    }

    /// <summary>Hands out the core's work. Holds the lock, so that each receiver gets it in order.</summary>
    /// <param name="wakeApplier">False if the caller sees to it that what is committed gets applied.</param>
    /// <param name="flush">False if the caller flushes the transport once it has given up the lock.</param>
    private void Pump(bool wakeApplier = true, bool flush = true)
    {
        while (_core.HasReady)
        {
            var ready = _core.TakeReady();
            if (ready.Messages.Length > 0)
            {
                _transport.Send(ready.Messages.Span);
                if (flush)
                {
                    _transport.FlushSoon();
                }
            }

            if (ready.Entries.Length > 0 && !_core.IsLeader)
            {
                _waiters.Replace(ready.Entries.Span[0].Index, ready.Entries.Span[0].Term);
            }

            _applier.Add(ready.CommittedEntries.Span, wakeApplier);
            _readIndex.Confirm(ready.ReadStates.Span);
            if (ready.SoftState is { } softState)
            {
                if (softState.LeaderId != 0)
                {
                    _readIndex.LeaderKnown();
                }

                _applier.Wake();
            }

            if (ready.HasStorageWork || ready.MessagesAfterDurable.Length > 0)
            {
                _writer.Add(ready);
            }
            else
            {
                _core.Recycle(ready);
            }
        }
    }

    /// <summary>Forgets entries up to the index; the marker that the log begins behind then, or none if it has forgotten them already.</summary>
    private SnapshotMarker Compact(ulong index)
    {
        if (index <= _core.FirstIndex || !_core.TryGetTerm(index, out var term))
        {
            return default;
        }

        _core.CompactTo(index);
        return new SnapshotMarker(index, term, default);
    }

    /// <summary>
    /// Publishes what changed in leadership. On the applier's thread, so that gaining it comes after the last entry of earlier terms.
    /// </summary>
    private void FollowLeadership()
    {
        LeadershipState state;
        lock (_gate)
        {
            state = new LeadershipState(_core.Term, _core.LeaderId, _core.IsLeader, _core.IsLeader && _lastAppliedTerm == _core.Term);
        }

        if (state.LeaderId != _leadership.State.LeaderId)
        {
            LogLeader(state.LeaderId, state.Term);
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
            _machine.LeadershipGained(state.Term);
        }

        _leadership.Set(state);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the leader is {LeaderId:x} in term {Term} (0: none is known)")]
    private partial void LogLeader(ulong leaderId, ulong term);
}
