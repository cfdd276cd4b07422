using System.Diagnostics;
using System.Globalization;

namespace Krewe.Api.Metrics;

/// <summary>process_* and os_fd_* as Prometheus' own client libraries name them, read from /proc.</summary>
internal sealed class ProcessMetrics(KreweMetrics metrics)
{
    public void Bind()
    {
        var factory = metrics.Factory;
        var cpu = factory.CreateCounter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");
        var resident = factory.CreateGauge("process_resident_memory_bytes", "Resident memory size in bytes.");
        var virtualSize = factory.CreateGauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");
        var open = factory.CreateGauge("process_open_fds", "Number of open file descriptors.");
        var max = factory.CreateGauge("process_max_fds", "Maximum number of open file descriptors.");
        var used = factory.CreateGauge("os_fd_used", "The number of used file descriptors.");
        var limit = factory.CreateGauge("os_fd_limit", "The file descriptor limit.");
        using var self = Process.GetCurrentProcess();
        factory.CreateGauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
            .Set(new DateTimeOffset(self.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0);
        metrics.BeforeCollect(() =>
        {
            using var now = Process.GetCurrentProcess();
            cpu.IncTo(now.TotalProcessorTime.TotalSeconds);
            resident.Set(now.WorkingSet64);
            virtualSize.Set(now.VirtualMemorySize64);
            var fds = CountOpenFiles();
            open.Set(fds);
            used.Set(fds);
            var most = ReadOpenFileLimit();
            max.Set(most);
            limit.Set(most);
        });
    }

    private static int CountOpenFiles() =>
        Directory.Exists("/proc/self/fd") ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : 0;

    private static double ReadOpenFileLimit()
    {
        const string Name = "Max open files";
        if (!File.Exists("/proc/self/limits"))
        {
            return 0;
        }

        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return double.TryParse(soft, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
