using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Faults;

namespace Krewe.Lab.Engine;

/// <summary>One member: a process with a data directory and a log that outlive its restarts.</summary>
internal sealed class LabMember : IAsyncDisposable
{
    private const string NotSupportedYet = "clusters of several members are not";
    private static readonly string[] ErrorLevels = ["\"level\":\"error\"", "\"level\":\"fatal\"", "\"level\":\"panic\"", "Unhandled exception"];
    /// <summary>Clients notice a member that is silent this soon; servers must let them ping so often (behaviour 342).</summary>
    private static readonly TimeSpan ClientPingPeriod = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly ServerKind _kind;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _flags;
    private Process? _process;

    public LabMember(ServerKind kind, string name, string folder, MemberAddress address, IReadOnlyList<string> flags)
    {
        _kind = kind;
        _folder = folder;
        _flags = flags;
        Name = name;
        Address = address;
        Directory.CreateDirectory(folder);
        Clock = address.HasOwnClock && kind == ServerKind.Krewe && WallClock.IsInstalled ? new WallClock(folder) : null;
        Channel = NewChannel();
        Kv = new KV.KVClient(Channel);
        Maintenance = new Maintenance.MaintenanceClient(Channel);
        Cluster = new Cluster.ClusterClient(Channel);
    }

    public string Name { get; }

    public MemberAddress Address { get; }

    /// <summary>Null where it can not be moved.</summary>
    public WallClock? Clock { get; }

    public GrpcChannel Channel { get; }

    public KV.KVClient Kv { get; }

    public Maintenance.MaintenanceClient Maintenance { get; }

    public Cluster.ClusterClient Cluster { get; }

    public int Pid => _process?.Id ?? throw new InvalidOperationException($"{Name} does not run");

    public bool IsRunning => _process is { HasExited: false };

    public bool IsStopped { get; private set; }

    public GrpcChannel NewChannel() => GrpcChannel.ForAddress(Address.ClientUrl, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),
            KeepAlivePingDelay = ClientPingPeriod,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            SslOptions = Address.Tls?.Clients ?? new(),
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = null,
        // A member that is away comes back within a scenario: the client's own backoff must not hide that.
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(50),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(200),
    });

    public void Start(string initialCluster, string state)
    {
        var program = _kind == ServerKind.Etcd ? PeerPaths.Etcd : PeerPaths.Krewe;
        string[] inside = Address.Namespace is { } name ? ["nsenter", $"--net=/run/netns/{name}"] : [];
        // The shell, and nsenter too, are replaced by the server (exec), so the process id is the server's own.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _folder };
        foreach (var argument in (string[])["-c", "exec \"$@\" >>server.log 2>&1", "sh", .. inside, program, .. Arguments(initialCluster, state)])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var variable in start.Environment.Keys.Where(k => k.StartsWith("ETCD_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        Clock?.AddTo(start.Environment);
        _process?.Dispose();
        _process = Process.Start(start)!;
        Watchdog.Process(_process.Id);
        IsStopped = false;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            _ = Signals.Send(_process.Id, Signals.Kill);
            await ForgetAsync();
        }
    }

    /// <summary>SIGTERM, and waits until the process is gone.</summary>
    /// <exception cref="OperationCanceledException">It does not stop.</exception>
    public Task TerminateAsync()
    {
        _ = Signals.Send(Pid, Signals.Terminate);
        return ForgetAsync();
    }

    /// <summary>Waits until the process has ended by itself, and answers its exit code.</summary>
    /// <exception cref="OperationCanceledException">It goes on.</exception>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await _process!.WaitForExitAsync(limit.Token);
        var code = _process.ExitCode;
        await ForgetAsync();
        return code;
    }

    public void Stop()
    {
        _ = Signals.Send(Pid, Signals.Stop);
        IsStopped = true;
    }

    public void Continue()
    {
        _ = Signals.Send(Pid, Signals.Continue);
        IsStopped = false;
    }

    public async Task<StatusResponse?> StatusAsync()
    {
        try
        {
            return await Maintenance.StatusAsync(new StatusRequest(), deadline: DateTime.UtcNow.AddSeconds(1));
        }
        catch (RpcException)
        {
            return null;
        }
    }

    /// <summary>Throws if the process ended by itself; skips the test if the server says that it can't do clusters yet.</summary>
    public void RequireAlive()
    {
        if (_process is { HasExited: true })
        {
            var log = LogTail();
            Assert.SkipWhen(log.Contains(NotSupportedYet, StringComparison.Ordinal), $"{_kind} refuses --initial-cluster with several members so far");
            throw new InvalidOperationException($"{Name} ended with {_process.ExitCode}:\n{log}");
        }
    }

    public string LogTail(int lines = 30)
    {
        var path = Path.Combine(_folder, "server.log");
        return File.Exists(path) ? string.Join('\n', File.ReadLines(path).TakeLast(lines)) : "(no log)";
    }

    /// <summary>Lines of the log at error level or above.</summary>
    public IReadOnlyList<string> LoggedErrors() =>
        [.. LogTail(int.MaxValue).Split('\n').Where(line => Array.Exists(ErrorLevels, level => line.Contains(level, StringComparison.Ordinal)))];

    /// <summary>How often its log, over all its lives, has this text.</summary>
    public int Logged(string text)
    {
        var path = Path.Combine(_folder, "server.log");
        return File.Exists(path) ? File.ReadLines(path).Count(line => line.Contains(text, StringComparison.Ordinal)) : 0;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Channel.Dispose();
    }

    private async Task ForgetAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await _process!.WaitForExitAsync(limit.Token);
        Watchdog.Gone(_process.Id);
        WallClock.Forget(_process.Id);
        _process.Dispose();
        _process = null;
    }

    private IEnumerable<string> Arguments(string initialCluster, string state) =>
    [
        $"--name={Name}",
        $"--data-dir={Path.Combine(_folder, "data")}",
        $"--listen-client-urls={Address.ClientUrl}",
        $"--advertise-client-urls={Address.ClientUrl}",
        $"--listen-peer-urls={Address.PeerUrl}",
        $"--initial-advertise-peer-urls={Address.AdvertisedPeerUrl}",
        $"--initial-cluster={initialCluster}",
        $"--initial-cluster-state={state}",
        "--initial-cluster-token=krewe-lab",
        $"--grpc-keepalive-min-time={(int)ClientPingPeriod.TotalMilliseconds / 2}ms",
        .. _kind == ServerKind.Krewe ? (string[])["--silo-port=0", "--gateway-port=0"] : [],
        .. _flags,
    ];
}
