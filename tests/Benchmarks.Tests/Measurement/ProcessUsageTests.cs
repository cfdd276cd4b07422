using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Tests.Measurement;

public sealed class ProcessUsageTests
{
    [Fact]
    public void Cpu_ticks_are_found_behind_a_name_with_spaces_and_parentheses() =>
        Assert.Equal(42 + 17, ProcessUsage.ParseCpuTicks("7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 3 0 42 17 5 6 20 0 9 0 100 200 300"));

    [Theory]
    [InlineData("7 (a) T (b) T 1 7", true)]
    [InlineData("7 (a) T (b) S 1 7", false)]
    public void A_stopped_process_is_told_by_its_state(string stat, bool stopped) => Assert.Equal(stopped, ProcessUsage.IsStopped(stat));

    [Fact]
    public void Resident_bytes_are_read_in_kilobytes() =>
        Assert.Equal(2048 * 1024, ProcessUsage.ParseResidentBytes(["Name:\tetcd", "VmRSS:\t    2048 kB", "Threads:\t9"]));

    [Fact]
    public void Own_process_has_memory_and_time_grows_with_work()
    {
        int[] self = [Environment.ProcessId];
        Assert.True(ProcessUsage.ResidentBytes(self) > 0);
        var before = ProcessUsage.CpuTime(self);
        var own = Environment.CpuUsage.TotalTime;
        while (Environment.CpuUsage.TotalTime - own < TimeSpan.FromMilliseconds(100))
        {
        }

        Assert.True(ProcessUsage.CpuTime(self) - before >= TimeSpan.FromMilliseconds(80));
    }
}
