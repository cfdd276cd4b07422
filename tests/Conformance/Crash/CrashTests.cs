using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Crash;

/// <summary>
/// kill -9 at random moments under load, again and again on one data directory. KREWE_CRASHES sets how often (5),
/// KREWE_SEED the moments.
/// </summary>
public sealed class CrashTests
{
    private const int DefaultCrashes = 5;
    private const int Writers = 4;
    private const int Followers = 2;
    private const int LongestLoadMs = 900;

    [Fact(DisplayName = "B14 B137 B360 kill -9 under load loses no acknowledged write and invents none")]
    public async Task Kill_under_load_loses_no_acknowledged_write_and_invents_none()
    {
        var crashes = PeerPaths.Number("KREWE_CRASHES", DefaultCrashes);
        var seed = PeerPaths.Number("KREWE_SEED", 1);
        var random = new Random(seed);
        await using var server = await ServerProcess.StartAsync(new ServerOptions(ServerKind.Krewe));
        var history = new CrashHistory();
        Follower[] followers = [.. Enumerable.Range(0, Followers).Select(_ => new Follower(server.Target))];
        foreach (var follower in followers)
        {
            follower.Start();
        }

        try
        {
            for (var crash = 1; crash <= crashes; crash++)
            {
                await LoadAndKillAsync(server, history, crash, random.Next(LongestLoadMs));
                await server.RestartAsync();
                await history.VerifyAsync(server.Target, followers);
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"KREWE_SEED={seed}: {e.Message}\n{server.LogTail()}", e);
        }
        finally
        {
            foreach (var follower in followers)
            {
                await follower.DisposeAsync();
            }
        }

        Assert.True(history.Writes > crashes, $"only {history.Writes} acknowledged writes: the load proved nothing");
        Assert.All(followers, f => Assert.True(f.Resumed > 0, "a follower never had to resume"));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {crashes} crashes, {history.Writes} acknowledged writes, {history.Unknown} of unknown outcome");
    }

    private static async Task LoadAndKillAsync(ServerProcess server, CrashHistory history, int round, int loadMs)
    {
        Writer[] writers = [.. Enumerable.Range(0, Writers).Select(i => new Writer(server.Target, (round * Writers) + i))];
        using var stop = new CancellationTokenSource();
        var running = writers.Select(w => w.RunAsync(stop.Token)).ToArray();
        await Task.Delay(loadMs);
        await server.KillAsync();
        await Task.WhenAll(running);
        foreach (var writer in writers)
        {
            history.Add(writer);
            writer.Dispose();
        }
    }
}
