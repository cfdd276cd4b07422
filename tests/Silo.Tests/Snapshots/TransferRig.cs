using System.Net;
using System.Net.Sockets;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using Krewe.Silo.Observability;
using Krewe.Silo.Peers;
using Krewe.Silo.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>A checkpoint of a few made-up files, a receiver's directories, and connections between them.</summary>
internal sealed class TransferRig : IAsyncDisposable
{
    public static readonly SnapshotLimits Limits = new() { ChunkBytes = 1_000, MaxInflightChunks = 3, SyncEveryBytes = 5_000 };
    private readonly string _root = Directory.CreateTempSubdirectory("krewe-transfer-").FullName;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly MemoryKeyspaceStore _store = new();

    public TransferRig()
    {
        var directory = Directory.CreateDirectory(Path.Join(_root, "checkpoint")).FullName;
        File.WriteAllBytes(Path.Join(directory, "1-large"), Content(50_001, 1));
        File.WriteAllBytes(Path.Join(directory, "2-empty"), []);
        File.WriteAllBytes(Path.Join(directory, "3-small"), Content(10, 2));
        Checkpoint = NewCheckpoint(directory);
        _listener.Start();
        Reopen();
    }

    public Checkpoint Checkpoint { get; private set; }

    public FakeCore Core { get; } = new();

    public StoreDirectories Directories { get; private set; } = null!;

    public MemberStores Stores { get; private set; } = null!;

    /// <summary>Where the receiver keeps the files.</summary>
    public string Received => Directories.ReceivedPath(Checkpoint.Manifest.Id);

    /// <summary>The receiver's.</summary>
    public SnapshotMetrics Metrics { get; } = new();

    /// <summary>The receiver starts again.</summary>
    public void Reopen()
    {
        Directories = new StoreDirectories(Directory.CreateDirectory(Path.Join(_root, "member")).FullName, Limits);
        Directories.Recover(default);
        Stores = new MemberStores(Directories, new MemberStore(_store), _ => new MemoryKeyspaceStore(), NullLogger<MemberStores>.Instance);
    }

    /// <summary>The same files as another snapshot.</summary>
    public void MakeAnother() => Checkpoint = NewCheckpoint(Checkpoint.PathOfDirectory);

    public string PathOf(string file) => Path.Join(Checkpoint.PathOfDirectory, file);

    /// <summary>One transfer; throws what broke it off on the sender's side.</summary>
    /// <param name="wrap">Changes the sender's connection.</param>
    public async Task<(SnapshotEnd End, long SentBytes)> TransferAsync(Func<Stream, Stream>? wrap = null)
    {
        using var near = new TcpClient();
        var accepting = _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
        await near.ConnectAsync((IPEndPoint)_listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var far = await accepting;
        await using var receiver = new SnapshotReceiver(Stores, Core, 2, Limits, new PeerLimits(), TimeProvider.System, NullLogger.Instance)
        {
            Metrics = Metrics,
        };
        var serving = ServeAsync(receiver, far);
        try
        {
            await using var stream = wrap?.Invoke(near.GetStream()) ?? near.GetStream();
            var channel = new SnapshotChannel(stream, 1 << 20, TimeSpan.FromSeconds(30), TimeProvider.System);
            using var upload = new SnapshotUpload(channel, Checkpoint, Limits, new RatePacer(1L << 40, TimeProvider.System), TimeProvider.System);
            var message = new Message { Type = MessageType.Snapshot, From = 1, To = 2, Term = 3, Snapshot = Checkpoint.Metadata };
            var end = await upload.RunAsync(new SnapshotOffer(message, Checkpoint.Manifest), TestContext.Current.CancellationToken);
            return (end, upload.SentBytes);
        }
        finally
        {
            near.Dispose();
            await serving;
        }
    }

    public void RequireReceived()
    {
        foreach (var file in Directory.GetFiles(Checkpoint.PathOfDirectory))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Join(Received, Path.GetFileName(file))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await Stores.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static byte[] Content(int length, int seed)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static Checkpoint NewCheckpoint(string directory) => new(
        new SnapshotManifest(Guid.NewGuid(), 100, 3, new ConfState([1, 2]), [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(FileChecksum.Of)]),
        directory);

    /// <summary>As the listener does it: what breaks a connection ends nothing else.</summary>
    private static async Task ServeAsync(SnapshotReceiver receiver, TcpClient connection)
    {
        try
        {
            await receiver.ServeAsync(connection.GetStream(), 1, TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            connection.Dispose();
        }
    }
}
