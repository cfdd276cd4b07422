using System.Collections.Concurrent;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Peers;
using Krewe.Silo.Replication;
using Krewe.Silo.Tests.Replication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Peers;

/// <summary>One member of a cluster in this process, with its own log directory, listening on a port of its own.</summary>
internal sealed class PeerMember : ILoopbackMember
{
    public const ulong ClusterId = 7;

    public PeerMember(ulong id, string directory, ulong[] voters, ConcurrentDictionary<ulong, Uri> urls)
    {
        Id = id;
        Book = new TestBook(ClusterId, id, urls);
        var log = MemberLog.OpenOrCreate(
            Path.Combine(directory, $"{id}"), new WalIdentity(ClusterId, id), new ConfState(voters), new WalOptions { SegmentBytes = 1 << 20 });
        var options = new ReplicationOptions { TickMilliseconds = 20 };
        Transport = new PeerTransport(Book, new PlainPeerSecurity(), new PeerLimits(), TimeProvider.System, NullLogger<PeerTransport>.Instance);
        var core = new RaftCore(
            new RaftOptions { Id = id, RandomSeed = id }, log.InitialState(0), new WalLogReader(log.Log), Snapshots);
        Node = new RaftNode(core, log.Log, Machine, Transport, options, TimeProvider.System, Failures.Add, NullLogger<RaftNode>.Instance);
        Forwarder = new ProposalForwarder(
            Node,
            (term, _, payload) => Node.TryAppend(term, payload, out var entry) switch
            {
                AppendRefusal.None when FailsAfterAppend => throw new EtcdException(EtcdError.Stopped),
                AppendRefusal.None => entry,
                _ => throw new NotOwnerException("refused"),
            },
            Transport,
            new PeerLimits(),
            options.RequestTimeout,
            TimeProvider.System);
        Transport.Receiver = new RaftPeerReceiver(Node, Forwarder);
        Listener = new PeerListener(
            Transport, Book, new PlainPeerSecurity(), new PeerRoutes(ClusterId, Route), new PeerLimits(), NullLogger<PeerListener>.Instance);
        Listener.Start([new Uri("http://127.0.0.1:0")]);
        urls[id] = new Uri($"http://127.0.0.1:{Port}");
    }

    public ulong Id { get; }

    public int Port => Listener.EndPoints[0].Port;

    public TestSnapshots Snapshots { get; } = new();

    public TestBook Book { get; }

    public PeerTransport Transport { get; }

    public PeerListener Listener { get; }

    public ProposalForwarder Forwarder { get; }

    public RaftNode Node { get; }

    /// <summary>Whether proposals fail although they are in the log, as when the core throws behind the append.</summary>
    public bool FailsAfterAppend { get; set; }

    public RecordingStateMachine Machine { get; } = new();

    public ConcurrentBag<Exception> Failures { get; } = [];

    public IEnumerable<byte[]> Payloads => Machine.Applied.Where(e => e.Data.Length > 0).Select(e => e.Data.ToArray());

    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        Node.Dispose();
        await Transport.DisposeAsync();
    }

    private static string? Route(string path) => path == "/version" ? """{"etcdserver":"test"}""" : null;
}
