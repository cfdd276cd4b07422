using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Krewe.Benchmarks.Servers;

/// <summary>One server, started with a fresh data directory on random loopback ports; both go when it is disposed.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private const int StartTimeoutMilliseconds = 60_000;
    private const int StopTimeoutMilliseconds = 30_000;
    private const int Terminate = 15;

    // etcd's default of 2 GB would end a long write run with "no space".
    private const string QuotaBytes = "8589934592";

    private readonly ServerSpec _spec;
    private readonly string _directory;
    private readonly int _peerPort;
    private readonly OutputTail _output = new();
    private Process _process;

    private ServerProcess(ServerSpec spec, string directory, int clientPort, int peerPort)
    {
        _spec = spec;
        _directory = directory;
        _peerPort = peerPort;
        Endpoint = new IPEndPoint(IPAddress.Loopback, clientPort);
        Directory.CreateDirectory(directory);
        try
        {
            _process = Launch();
        }
        catch
        {
            Directory.Delete(directory);
            throw;
        }
    }

    public IPEndPoint Endpoint { get; }

    public int ProcessId => _process.Id;

    /// <summary>From the latest start of the process to its first linearizable answer.</summary>
    public double StartMilliseconds { get; private set; }

    /// <param name="dataRoot">Where the data directory is made; decides which disk is measured.</param>
    public static ServerProcess Start(ServerSpec spec, string dataRoot)
    {
        var directory = Path.Combine(Path.GetFullPath(dataRoot), $"bench-{spec.Name}-{Guid.NewGuid():n}");
        var ports = FreePorts.Take(2);
        var startedAt = Stopwatch.GetTimestamp();
        var server = new ServerProcess(spec, directory, ports[0], ports[1]);
        try
        {
            server.WaitUntilReady(startedAt);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Ends the process as an operator would, and starts it again on the same data and ports.</summary>
    public void Restart()
    {
        _ = Signal(_process.Id, Terminate);
        if (!_process.WaitForExit(StopTimeoutMilliseconds))
        {
            throw new BenchmarkException($"{_spec.Name} does not stop on SIGTERM:\n{_output}");
        }

        Forget();
        var startedAt = Stopwatch.GetTimestamp();
        _process = Launch();
        WaitUntilReady(startedAt);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        Forget();
        Directory.Delete(_directory, recursive: true);
    }

    private void Forget()
    {
        ChildProcesses.Remove(_process);
        _process.Dispose();
    }

    private string[] Arguments()
    {
        var clientUrl = $"http://{Endpoint}";
        var peerUrl = $"http://127.0.0.1:{_peerPort}";
        return
        [
            "--name", "bench",
            "--data-dir", Path.Combine(_directory, "data"),
            "--listen-client-urls", clientUrl,
            "--advertise-client-urls", clientUrl,
            "--listen-peer-urls", peerUrl,
            "--initial-advertise-peer-urls", peerUrl,
            "--initial-cluster", $"bench={peerUrl}",
            "--quota-backend-bytes", QuotaBytes,
            .. _spec.ExtraArguments,
        ];
    }

    private Process Launch()
    {
        var (fileName, all) = _spec.Command(Arguments());
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(fileName, all) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => _output.Add(line.Data);
        process.Start();
        ChildProcesses.Add(process, _directory);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void WaitUntilReady(long startedAt)
    {
        var deadline = Environment.TickCount64 + StartTimeoutMilliseconds;
        while (!Probe.Answers(Endpoint))
        {
            if (_process.HasExited || Environment.TickCount64 > deadline)
            {
                throw new BenchmarkException($"{_spec.Name} does not start:\n{_output}");
            }
        }

        StartMilliseconds = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
