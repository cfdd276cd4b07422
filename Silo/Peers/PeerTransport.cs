using System.Collections.Concurrent;
using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Peers;

/// <summary>
/// Takes Raft messages to the other members over TCP: two connections a member, so that heartbeats, votes and acknowledgements never
/// stand behind large appends. What can't be sent soon is dropped; Raft sends it again.
/// </summary>
internal sealed class PeerTransport : IPeerTransport, IPeerRefusals, IThreadPoolWorkItem, IAsyncDisposable
{
    /// <summary>Counted for a frame beyond its payload.</summary>
    private const int FrameOverheadBytes = 64;

    private readonly ConcurrentDictionary<ulong, Lazy<Peer>> _peers = new();
    private readonly ConcurrentDictionary<ulong, long> _heard = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPeerBook _book;
    private readonly PeerLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PeerDialer _dialer;
    private IPeerReceiver? _receiver;
    private int _isFlushQueued;
    private ISnapshotLane? _snapshots;

    public PeerTransport(IPeerBook book, IPeerSecurity security, PeerLimits limits, TimeProvider time, ILogger<PeerTransport> logger)
    {
        _book = book;
        _limits = limits;
        _time = time;
        _logger = logger;
        Urls = new LearntUrls(book);
        _dialer = new PeerDialer(book, Urls, security, limits, refusal => Refused?.Invoke(refusal), logger);
    }

    public event Action<PeerRefusal>? Refused;

    public LearntUrls Urls { get; }

    /// <summary>Gets reports of unreachable members and what the listener receives. Set once, before anything is sent.</summary>
    public IPeerReceiver? Receiver
    {
        get => Volatile.Read(ref _receiver);
        set => Volatile.Write(ref _receiver, value);
    }

    /// <summary>Takes snapshots to members and receives theirs. Set once, before anything is sent; without it they go with the appends, and
    /// their lane is refused.</summary>
    public ISnapshotLane? Snapshots
    {
        get => Volatile.Read(ref _snapshots);
        set => Volatile.Write(ref _snapshots, value);
    }

    /// <summary>Opens a connection of a kind to a member; throws <see cref="IOException"/> if it can't be reached.</summary>
    public Task<Stream> ConnectAsync(ulong memberId, PeerLaneKind lane, CancellationToken cancellationToken) =>
        _book.StandingOf(memberId) == PeerStanding.Member
            ? _dialer.ConnectAsync(memberId, lane, cancellationToken)
            : throw new IOException($"{memberId:x} is no member");

    public void Send(ReadOnlySpan<Message> messages)
    {
        foreach (ref readonly var message in messages)
        {
            if (message.Type == MessageType.Snapshot && Snapshots is { } snapshots)
            {
                snapshots.Send(message);
                continue;
            }

            var frame = new OutgoingFrame(PeerFrameKind.Raft, message, default, FrameOverheadBytes + PayloadBytes(message));
            Add(message.To, IsUrgent(message.Type), frame);
        }
    }

    public void Flush()
    {
        foreach (var (_, peer) in _peers)
        {
            peer.Value.Urgent.Queue.Signal();
            peer.Value.Bulk.Queue.Signal();
        }
    }

    public void FlushSoon()
    {
        if (Interlocked.Exchange(ref _isFlushQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _isFlushQueued, 0);
        Flush();
    }

    /// <summary>Sends a frame of another kind; false if it was dropped.</summary>
    public bool Send(ulong to, PeerFrameKind kind, ReadOnlyMemory<byte> payload)
    {
        var isQueued = Add(to, isUrgent: false, new OutgoingFrame(kind, default, payload, FrameOverheadBytes + payload.Length));
        FlushSoon();
        return isQueued;
    }

    /// <summary>When the member last sent anything, as the clock's timestamp; false if it never did since this member started.</summary>
    public bool TryGetLastHeard(ulong memberId, out long timestamp) => _heard.TryGetValue(memberId, out timestamp);

    /// <summary>Frames and bytes that wait for the member, and how many frames were dropped so far.</summary>
    public (int Frames, long Bytes, long Dropped) QueuedFor(ulong memberId) => _peers.TryGetValue(memberId, out var peer)
        ? (peer.Value.Urgent.Queue.Count + peer.Value.Bulk.Queue.Count,
            peer.Value.Urgent.Queue.Bytes + peer.Value.Bulk.Queue.Bytes,
            peer.Value.Urgent.Queue.Dropped + peer.Value.Bulk.Queue.Dropped)
        : default;

    /// <summary>Closes the connections to a member that was removed or has moved; sending opens new ones to its present URLs.</summary>
    public Task DisconnectAsync(ulong memberId) => _peers.TryRemove(memberId, out var peer) ? peer.Value.StopAsync() : Task.CompletedTask;

    /// <summary>Connects to a member although there is nothing to say: it learns that this one is here, and need not wait to answer.</summary>
    public void Greet(ulong memberId)
    {
        Add(memberId, isUrgent: true, new OutgoingFrame(PeerFrameKind.Urls, default, LearntUrls.Encode(_book.OwnUrls), FrameOverheadBytes));
        FlushSoon();
    }

    /// <summary>Called by the listener when a member has connected: it is there, so connections to it need not wait any longer.</summary>
    public void Connected(ulong memberId)
    {
        if (_peers.TryGetValue(memberId, out var peer))
        {
            peer.Value.Urgent.Nudge();
            peer.Value.Bulk.Nudge();
        }
    }

    /// <summary>Called by the listener for everything that a member sends.</summary>
    public void Heard(ulong memberId) => _heard[memberId] = _time.GetTimestamp();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var peer in _peers.Values)
        {
            await peer.Value.StopAsync().ConfigureAwait(false);
        }

        _peers.Clear();
    }

    private bool Add(ulong to, bool isUrgent, in OutgoingFrame frame)
    {
        if (_stopping.IsCancellationRequested || _book.StandingOf(to) != PeerStanding.Member)
        {
            return false;
        }

        var peer = _peers.GetOrAdd(to, static (id, self) => new Lazy<Peer>(() => self.NewPeer(id)), this).Value;
        return (isUrgent ? peer.Urgent : peer.Bulk).Queue.TryAdd(frame);
    }

    private Peer NewPeer(ulong memberId) => new(Lane(memberId, PeerLaneKind.Urgent), Lane(memberId, PeerLaneKind.Bulk), _stopping.Token);

    private PeerLane Lane(ulong memberId, PeerLaneKind kind) =>
        new(memberId, kind, _dialer, _limits, id => Receiver?.Unreachable(id), _time, _logger);

    private static bool IsUrgent(MessageType type) => type is not (MessageType.Append or MessageType.Snapshot);

    private static long PayloadBytes(in Message message)
    {
        var bytes = 0L;
        foreach (ref readonly var entry in message.Entries.Span)
        {
            bytes += entry.Data.Length;
        }

        return bytes;
    }
}
