using System.Diagnostics;

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
