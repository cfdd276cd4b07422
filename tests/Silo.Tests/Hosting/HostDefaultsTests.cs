using System.Diagnostics;
using Krewe.Testing.Peers;

namespace Krewe.Silo.Tests.Hosting;

/// <summary>What .NET's hosts do by default, and a server that is configured by etcd's flags must not.</summary>
public sealed class HostDefaultsTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly string _directory = Directory.CreateTempSubdirectory("krewe-defaults-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_settings_file_in_the_working_directory_is_neither_read_nor_watched_for()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "appsettings.json"), "no JSON", TestContext.Current.CancellationToken);
        using var member = Start();
        try
        {
            await WaitForAsync(member.StandardError, "ready to serve client requests");
            var descriptors = Directory.GetFiles($"/proc/{member.Id}/fd").Select(file => File.ResolveLinkTarget(file, false)?.Name);
            Assert.DoesNotContain(descriptors, target => target?.Contains("inotify", StringComparison.Ordinal) is true);
        }
        finally
        {
            member.Kill(entireProcessTree: true);
            await member.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start()
    {
        var ports = FreePort.Take(2);
        var (client, peer) = ($"http://127.0.0.1:{ports[0]}", $"http://127.0.0.1:{ports[1]}");
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "krewe.dll"), "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"default={peer}",
        ];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _directory, RedirectStandardError = true })!;
    }

    private static async Task WaitForAsync(StreamReader log, string text)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        while (await log.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"the member ended without: {text}");
    }
}
