using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Krewe.Testing.Peers;

namespace Krewe.Silo.Tests;

/// <summary>The real process: what it prints where, and its exit code.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("--version", 0, "krewe Version: ", "")]
    [InlineData("--help", 0, "Clustering:", "")]
    [InlineData("--no-such-flag", 2, "", "flag provided but not defined: -no-such-flag")]
    [InlineData("--enable-pprof", 1, "", "--enable-pprof is not supported by krewe yet")]
    [InlineData("--peer-cert-file=no-such-file,--peer-key-file=no-such-file", 1, "", "krewe can't start: open no-such-file: no such file or directory")]
    public async Task It_answers_and_exits(string argument, int expectedExitCode, string expectedOutput, string expectedError)
    {
        var (exitCode, output, error) = await Run(argument);

        Assert.Equal(expectedExitCode, exitCode);
        Assert.Contains(expectedOutput, output, StringComparison.Ordinal);
        Assert.Contains(expectedError, error, StringComparison.Ordinal);
        Assert.Equal((expectedOutput.Length == 0, expectedError.Length == 0), (output.Length == 0, error.Length == 0));
    }

    /// <summary>As etcd: one line with Go's words, and 1; nothing is created or left behind.</summary>
    [Theory]
    [InlineData("--listen-client-urls=http://")]
    [InlineData("--listen-peer-urls=http://")]
    [InlineData("--listen-metrics-urls=http://")]
    [InlineData("--silo-port=")]
    [InlineData("--gateway-port=")]
    public async Task An_address_in_use_is_told_in_one_line(string flag)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString()!;
        var ports = FreePort.Take(2);
        var directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        string[] others =
        [
            $"--listen-client-urls=http://127.0.0.1:{ports[0]}",
            $"--advertise-client-urls=http://127.0.0.1:{ports[0]}",
            $"--listen-peer-urls=http://127.0.0.1:{ports[1]}",
        ];
        var value = flag.EndsWith('/') ? address : address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var (exitCode, output, error) = await Run(
            string.Join(',', [flag + value, $"--data-dir={directory}", .. others.Where(o => !o.StartsWith(flag, StringComparison.Ordinal))]));

        Assert.Equal($"krewe can't start: listen tcp {address}: bind: address already in use{Environment.NewLine}", error);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.False(Directory.Exists(directory));
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(string argument)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "krewe.dll"), .. argument.Split(',')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("ETCD_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
