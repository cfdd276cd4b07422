using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Engine;

/// <summary>
/// One running server on random loopback ports. Its output goes to a file beside its data directory; it is killed by its
/// process id at dispose. It can be killed hard and started again on the same data directory and ports.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly ServerOptions _options;
    private readonly string _folder;
    private Process? _process;

    private ServerProcess(ServerOptions options)
    {
        _options = options;
        _folder = Directory.CreateTempSubdirectory($"krewe-conformance-{options.Kind}-").FullName;
        DataDir = options.DataDir ?? Path.Combine(_folder, "data");
        LogPath = Path.Combine(_folder, "server.log");
        var ports = FreePort.Take(3);
        ClientUrl = Url(ports[0], options.Tls is not null);
        PeerUrl = Url(ports[1], options.Tls?.PeerUrlIsTls == true);
        MetricsUrl = Url(ports[2]);
        Target = new EtcdTarget(options.Kind, ClientUrl, PeerUrl, MetricsUrl, options.Tls?.Client);
    }

    public string DataDir { get; }

    public string LogPath { get; }

    public string ClientUrl { get; }

    public string PeerUrl { get; }

    public string MetricsUrl { get; }

    public EtcdTarget Target { get; }

    /// <summary>Process id of the running server.</summary>
    public int Pid => _process?.Id ?? throw new InvalidOperationException("not running");

    public bool HasExited => _process is null || _process.HasExited;

    /// <summary>Starts a server and returns once it answers a linearizable read.</summary>
    public static async Task<ServerProcess> StartAsync(ServerOptions options)
    {
        var server = new ServerProcess(options);
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9, without any warning to the server.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM; returns the exit code once the process is gone.</summary>
    public async Task<int> TerminateAsync()
    {
        var process = _process ?? throw new InvalidOperationException("not running");
        using var kill = Process.Start("/bin/kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(StopLimit);
        await process.WaitForExitAsync(limit.Token);
        var code = process.ExitCode;
        process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>Starts the stopped server again on the same data directory and ports.</summary>
    public Task RestartAsync() => LaunchAsync();

    /// <summary>Resident memory of the server in bytes, from /proc.</summary>
    public long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{Pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>The last lines that the server printed.</summary>
    public string LogTail(int lines = 40) =>
        File.Exists(LogPath) ? string.Join('\n', File.ReadLines(LogPath).TakeLast(lines)) : "(no log)";

    public async ValueTask DisposeAsync()
    {
        Target.Dispose();
        await KillAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A file that a dying process still creates must not fail the test that already ended.
        }
    }

    private static string Url(int port, bool isTls = false) =>
        string.Create(CultureInfo.InvariantCulture, $"{(isTls ? "https" : "http")}://127.0.0.1:{port}");

    private async Task LaunchAsync()
    {
        var binary = _options.Kind == ServerKind.Etcd ? PeerPaths.Etcd : _options.BehindGateway ? PeerPaths.KreweBehindGateway : PeerPaths.Krewe;
        // The shell is replaced by the server (exec), so the process id is the server's own.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _folder };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" >>server.log 2>&1");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(binary);
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("ETCD", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        if (_options.BehindGateway)
        {
            start.Environment["KREWE_REAL"] = PeerPaths.Krewe;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
        await WaitUntilReadyAsync();
    }

    private IEnumerable<string> Arguments() => _options.Manifest is { } manifest
        ? manifest.Select(argument => argument
            .Replace("{client}", ClientUrl, StringComparison.Ordinal)
            .Replace("{peer}", PeerUrl, StringComparison.Ordinal)
            .Replace("{metrics}", MetricsUrl, StringComparison.Ordinal)
            .Replace("{data}", DataDir, StringComparison.Ordinal))
        : UsualArguments();

    private IEnumerable<string> UsualArguments()
    {
        yield return "--name=default";
        yield return $"--data-dir={DataDir}";
        yield return $"--listen-client-urls={ClientUrl}";
        yield return $"--advertise-client-urls={ClientUrl}";
        yield return $"--listen-peer-urls={PeerUrl}";
        yield return $"--initial-advertise-peer-urls={PeerUrl}";
        yield return $"--initial-cluster=default={PeerUrl}";
        if (_options.UnsafeNoFsync)
        {
            yield return "--unsafe-no-fsync";
        }

        if (_options.Kind == ServerKind.Krewe)
        {
            yield return "--silo-port=0";
            yield return "--gateway-port=0";
        }

        foreach (var flag in _options.Flags ?? [])
        {
            yield return flag.Replace("{metrics}", MetricsUrl, StringComparison.Ordinal).Replace("{client}", ClientUrl, StringComparison.Ordinal);
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        var probe = new RangeRequest { Key = Google.Protobuf.ByteString.CopyFromUtf8("ready"), CountOnly = true };
        while (true)
        {
            if (_process!.HasExited)
            {
                throw new InvalidOperationException($"{_options.Kind} exited with {_process.ExitCode} at start:\n{LogTail()}");
            }

            try
            {
                await Target.Kv.RangeAsync(probe, deadline: DateTime.UtcNow.AddSeconds(2));
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
            {
                // Auth is on in its data: it answers.
                return;
            }
            catch (RpcException) when (clock.Elapsed < ReadyLimit)
            {
                await Task.Delay(20);
            }
            catch (RpcException e)
            {
                throw new TimeoutException($"{_options.Kind} was not ready within {ReadyLimit}: {e.Status}\n{LogTail()}", e);
            }
        }
    }
}
