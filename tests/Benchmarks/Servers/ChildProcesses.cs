using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Krewe.Benchmarks.Servers;

/// <summary>Makes sure no server outlives the generator, also when it is interrupted.</summary>
internal static class ChildProcesses
{
    private static readonly HashSet<Process> Running = [];
    private static readonly PosixSignalRegistration[] Signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => KillAll()),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => KillAll()),
    ];

    static ChildProcesses() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    public static void Add(Process process)
    {
        lock (Signals)
        {
            Running.Add(process);
        }
    }

    public static void Remove(Process process)
    {
        lock (Signals)
        {
            Running.Remove(process);
        }
    }

    private static void KillAll()
    {
        lock (Signals)
        {
            foreach (var process in Running)
            {
                process.Kill();
            }
        }
    }
}
