using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Servers;

/// <summary>One member of a cluster, with a fresh data directory on loopback ports; both go when it is disposed.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private const int StartTimeoutMilliseconds = 60_000;
    private const int StopTimeoutMilliseconds = 30_000;
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;

    // etcd's default of 2 GB would end a long write run with "no space".
    private const string QuotaBytes = "8589934592";

    private readonly ServerSpec _spec;
    private readonly string _directory;
    private readonly ServerTls? _tls;
    private readonly OutputTail _output = new();
    private Process _process;

    private long _startedAt;
    private bool _forgotten;

    /// <summary>Starts the process; it is not ready yet.</summary>
    /// <param name="directory">Made for this member; deleted with it.</param>
    public ServerProcess(ServerSpec spec, string directory, MemberPlan plan, ServerTls? tls)
    {
        _spec = spec;
        _directory = directory;
        Plan = plan;
        _tls = tls;
        Endpoint = new IPEndPoint(IPAddress.Loopback, plan.ClientPort);
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

    public MemberPlan Plan { get; }

    public IPEndPoint Endpoint { get; }

    public int ProcessId => _process.Id;

    /// <summary>From the latest start of the process to its first linearizable answer.</summary>
    public double StartMilliseconds { get; private set; }

    /// <summary>Ends the process as an operator would.</summary>
    public void Terminate()
    {
        _ = Signal(_process.Id, TerminateSignal);
        if (!_process.WaitForExit(StopTimeoutMilliseconds))
        {
            throw new BenchmarkException($"{_spec.Name} does not stop on SIGTERM:\n{_output}");
        }

        Forget();
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public void Kill()
    {
        _ = Signal(_process.Id, KillSignal);
        _process.WaitForExit();
        Forget();
    }

    /// <summary>SIGSTOP: the process keeps its connections and does nothing. Returns when it stands still.</summary>
    public void Pause()
    {
        _ = Signal(_process.Id, StopSignal);
        SpinWait.SpinUntil(() => ProcessUsage.IsStopped(File.ReadAllText($"/proc/{_process.Id}/stat")), StopTimeoutMilliseconds);
    }

    public void Resume() => _ = Signal(_process.Id, ContinueSignal);

    /// <summary>Starts a process that has ended again on the same data and ports; it is not ready yet.</summary>
    public void Relaunch() => _process = Launch();

    /// <summary>Waits for a linearizable answer.</summary>
    public void WaitUntilReady()
    {
        var deadline = Environment.TickCount64 + StartTimeoutMilliseconds;
        while (!Probe.Answers(Endpoint, _tls?.Client))
        {
            if (_process.HasExited || Environment.TickCount64 > deadline)
            {
                throw new BenchmarkException($"{_spec.Name} does not start:\n{_output}");
            }
        }

        StartMilliseconds = Stopwatch.GetElapsedTime(_startedAt).TotalMilliseconds;
    }

    public void Dispose()
    {
        // A process that was relaunched and failed, or that was killed and not relaunched, has been forgotten already.
        if (!_forgotten)
        {
            Kill();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private void Forget()
    {
        ChildProcesses.Remove(_process);
        _process.Dispose();
        _forgotten = true;
    }

    private string[] Arguments()
    {
        var clientUrl = $"{Plan.Scheme}://{Endpoint}";
        return
        [
            "--name", Plan.Name,
            "--data-dir", Path.Combine(_directory, "data"),
            "--listen-client-urls", clientUrl,
            "--advertise-client-urls", clientUrl,
            "--listen-peer-urls", Plan.PeerUrl,
            "--initial-advertise-peer-urls", Plan.PeerUrl,
            "--initial-cluster", Plan.InitialCluster,
            "--initial-cluster-state", Plan.State,
            "--quota-backend-bytes", QuotaBytes,
            .. _tls?.Flags ?? [],
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
        _startedAt = Stopwatch.GetTimestamp();
        process.Start();
        _forgotten = false;
        ChildProcesses.Add(process, _directory);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
