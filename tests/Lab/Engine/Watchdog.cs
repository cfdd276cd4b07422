using System.Diagnostics;

namespace Krewe.Lab.Engine;

/// <summary>
/// A shell that outlives the test process, if only for a moment: when the pipe to it closes, for whatever reason, it kills the registered
/// processes and removes the registered namespaces and folders. PDEATHSIG would not do: it fires when the thread that started a
/// process ends, and those are pool threads.
/// </summary>
internal static class Watchdog
{
    private const string Script = """
        while read -r verb what; do
          case "$verb" in
            pid) pids="$pids $what" ;;
            gone) pids=$(for p in $pids; do [ "$p" = "$what" ] || printf ' %s' "$p"; done) ;;
            netns) spaces="$spaces $what" ;;
            folder) folders="$folders $what" ;;
          esac
        done
        for p in $pids; do kill -CONT "$p"; kill -KILL "$p"; done
        for s in $spaces; do ip netns del "$s"; done
        for f in $folders; do rm -rf "$f"; done
        """;

    private static readonly Lock Gate = new();
    private static readonly Process Shell = Start();

    public static void Process(int pid) => Tell($"pid {pid}");

    public static void Gone(int pid) => Tell($"gone {pid}");

    public static void Namespace(string name) => Tell($"netns {name}");

    public static void Folder(string path) => Tell($"folder {path}");

    private static void Tell(string line)
    {
        lock (Gate)
        {
            Shell.StandardInput.WriteLine(line);
            Shell.StandardInput.Flush();
        }
    }

    // In a session of its own, so that an interrupt at the terminal does not end it first.
    internal static Process Start() => System.Diagnostics.Process.Start(
        new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script]) { RedirectStandardInput = true, RedirectStandardError = true })!;
}
