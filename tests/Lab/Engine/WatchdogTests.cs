using System.Diagnostics;
using System.Globalization;

namespace Krewe.Lab.Engine;

/// <summary>Nothing may outlive the tests, even if they are killed.</summary>
public sealed class WatchdogTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_kills_what_is_registered_when_the_pipe_closes_and_spares_what_has_gone()
    {
        using var stopped = Process.Start("sleep", "60");
        using var spared = Process.Start("sleep", "60");
        var folder = Directory.CreateTempSubdirectory("krewe-lab-watchdog-").FullName;
        using var shell = Watchdog.Start();
        try
        {
            _ = Signals.Send(stopped.Id, Signals.Stop);
            foreach (var line in (string[])[$"pid {Text(stopped.Id)}", $"pid {Text(spared.Id)}", $"gone {Text(spared.Id)}", $"folder {folder}"])
            {
                await shell.StandardInput.WriteLineAsync(line);
            }

            shell.StandardInput.Close();
            using var limit = new CancellationTokenSource(Limit);
            await stopped.WaitForExitAsync(limit.Token);
            await shell.WaitForExitAsync(limit.Token);
            Assert.False(spared.HasExited);
            Assert.False(Directory.Exists(folder));
        }
        finally
        {
            stopped.Kill();
            spared.Kill();
        }
    }

    private static string Text(int pid) => pid.ToString(CultureInfo.InvariantCulture);
}
