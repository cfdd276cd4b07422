using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Krewe.Benchmarks.Servers;

/// <summary>Makes sure no server and no data outlive the generator, also when it is interrupted.</summary>
internal static class ChildProcesses
{
    private static readonly Dictionary<Process, string> Running = [];
    private static readonly PosixSignalRegistration[] Signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => KillAll()),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => KillAll()),
    ];

    static ChildProcesses() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    /// <param name="directory">Deleted with the process.</param>
    public static void Add(Process process, string directory)
    {
        lock (Signals)
        {
            Running.Add(process, directory);
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
            foreach (var (process, directory) in Running)
            {
                process.Kill();
                process.WaitForExit();
                Directory.Delete(directory, recursive: true);
            }

            Running.Clear();
        }
    }
}
