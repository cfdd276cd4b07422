using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Krewe.Benchmarks.Load;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Reports;

/// <summary>What a reader must know to judge the figures.</summary>
internal static class Circumstances
{
    private const int VersionTimeoutMilliseconds = 10_000;

    public static Dictionary<string, string> Describe(LoadSettings settings, string dataRoot, IEnumerable<ServerSpec> servers)
    {
        var described = new Dictionary<string, string>
        {
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            ["machine"] = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {ProcessorModel()}"),
            ["system"] = RuntimeInformation.OSDescription,
            ["load average before"] = File.ReadAllText("/proc/loadavg").Split(' ')[0],
            ["disk"] = DiskProbe.Describe(dataRoot),
            ["load"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.Clients} clients on {settings.Connections} connections ({settings.Client}), {settings.KeyCount} keys of {settings.KeySize} bytes, values of {settings.ValueSize} random bytes, seed {settings.Seed}"),
            ["time"] = settings.Total > 0
                ? string.Create(CultureInfo.InvariantCulture, $"warm-up {settings.Warmup.TotalSeconds} s, then {settings.Total} operations")
                : string.Create(CultureInfo.InvariantCulture, $"warm-up {settings.Warmup.TotalSeconds} s, measured {settings.Duration.TotalSeconds} s"),
            ["watch"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.Watchers} watchers on {settings.WatchStreams} streams, {settings.WatchRate} puts/s (0: unlimited)"),
            ["logins"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.LoginClients} clients of {Workloads.PasswordLogins}, away {settings.LoginPause.TotalSeconds} s after each login"),
        };
        foreach (var server in servers)
        {
            described[server.Name] = string.Join(' ', [FirstLineOfVersion(server), .. server.ExtraArguments]);
        }

        return described;
    }

    private static string ProcessorModel()
    {
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
    }

    private static string FirstLineOfVersion(ServerSpec server)
    {
        var (fileName, arguments) = server.Command(["--version"]);
        using var process = Process.Start(new ProcessStartInfo(fileName, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var line = process.StandardOutput.ReadLine();
        if (!process.WaitForExit(VersionTimeoutMilliseconds))
        {
            process.Kill();
        }

        return line ?? "version unknown";
    }
}
