using System.Globalization;

namespace Krewe.Benchmarks.Measurement;

/// <summary>Processor time and memory of processes, from /proc.</summary>
internal static class ProcessUsage
{
    // Linux reports in units of 1/100 s to user space on every architecture .NET supports.
    private const int TicksPerSecond = 100;
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;

    /// <summary>User plus system time of the processes so far, all their threads included.</summary>
    public static TimeSpan CpuTime(IReadOnlyList<int> processIds)
    {
        long ticks = 0;
        foreach (var id in processIds)
        {
            ticks += ParseCpuTicks(File.ReadAllText($"/proc/{id}/stat"));
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    public static long ResidentBytes(IReadOnlyList<int> processIds) =>
        processIds.Sum(id => ParseResidentBytes(File.ReadAllLines($"/proc/{id}/status")));

    /// <summary>utime + stime of a /proc/PID/stat line, in clock ticks.</summary>
    public static long ParseCpuTicks(string stat)
    {
        // The command name may hold spaces and parentheses; the fields are counted after its last one.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return ParseLong(fields[UserTimeField]) + ParseLong(fields[SystemTimeField]);
    }

    /// <summary>Whether a /proc/PID/stat line is that of a process that a signal has stopped.</summary>
    public static bool IsStopped(string stat) => stat[stat.LastIndexOf(')') + 2] == 'T';

    public static long ParseResidentBytes(IEnumerable<string> status)
    {
        const string Name = "VmRSS:";
        var line = status.First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return ParseLong(line[Name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) * 1024;
    }

    private static long ParseLong(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
