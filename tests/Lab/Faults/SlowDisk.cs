using System.Diagnostics;
using System.Globalization;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Faults;

/// <summary>
/// Delays each fdatasync and fsync of a running process with strace, which works for programs that call the kernel without libc too. It
/// slows other calls a little as well. Ends, and lets the process go on, at dispose.
/// </summary>
internal sealed class SlowDisk : IAsyncDisposable
{
    private readonly Process _tracer;

    private SlowDisk(Process tracer) => _tracer = tracer;

    /// <summary>Attaches to a member, or skips the test if strace is not to be had or not permitted.</summary>
    public static async Task<SlowDisk> AttachAsync(LabMember member, TimeSpan delay)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed: it is what slows fdatasync down");
        var inject = string.Create(CultureInfo.InvariantCulture, $"inject=fdatasync,fsync:delay_enter={(long)delay.TotalMicroseconds}");
        var start = new ProcessStartInfo("/usr/bin/strace", ["-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", inject, "-p", $"{member.Pid}"])
        {
            RedirectStandardError = true,
        };
        var tracer = Process.Start(start)!;
        Watchdog.Process(tracer.Id);
        while (!tracer.HasExited && !IsTraced(member.Pid))
        {
            await Task.Delay(5);
        }

        Assert.SkipWhen(tracer.HasExited, "strace is not permitted to trace here");
        return new SlowDisk(tracer);
    }

    public async ValueTask DisposeAsync()
    {
        _ = Signals.Send(_tracer.Id, Signals.Terminate);
        await _tracer.WaitForExitAsync();
        Watchdog.Gone(_tracer.Id);
        _tracer.Dispose();
    }

    private static bool IsTraced(int pid) =>
        File.ReadLines($"/proc/{pid}/status").Any(l => l.StartsWith("TracerPid:", StringComparison.Ordinal) && !l.EndsWith("\t0", StringComparison.Ordinal));
}
