namespace Krewe.Conformance.Engine;

/// <summary>Runs a case against both servers at once and fails with every difference and the end of both logs.</summary>
internal static class CaseRunner
{
    public static async Task RunAsync(ConformanceCase conformance, SharedServers shared)
    {
        if (conformance.KreweOnly)
        {
            Assert.SkipWhen(PeerPaths.SelfCheck, "the reference etcd lacks this; only Krewe is asked");
        }

        if (conformance.Fresh)
        {
            await using var own = await ServerPair.StartAsync(conformance.Flags, conformance.KreweFlags);
            await RunAsync(conformance, own);
        }
        else
        {
            await RunAsync(conformance, await shared.GetAsync());
        }
    }

    /// <summary>The same with a gateway before the member; on servers of its own.</summary>
    public static async Task RunBehindGatewayAsync(ConformanceCase conformance)
    {
        Assert.SkipWhen(PeerPaths.SelfCheck, "the reference has no gateway");
        await using var own = await ServerPair.StartAsync(conformance.Flags, conformance.KreweFlags, behindGateway: true);
        await RunAsync(conformance, own);
    }

    private static async Task RunAsync(ConformanceCase conformance, ServerPair pair)
    {
        var krewe = TranscribeAsync(conformance, pair.Krewe);
        var etcd = conformance.KreweOnly ? Task.FromResult<IReadOnlyList<TranscriptLine>>([]) : TranscribeAsync(conformance, pair.Etcd);
        await Task.WhenAll(krewe, etcd);
        var failures = conformance.KreweOnly
            ? Failures(await krewe)
            : TranscriptDiff.Compare(await etcd, await krewe, PeerPaths.SelfCheck ? [] : conformance.Deviations);
        if (failures.Count > 0)
        {
            Assert.Fail($"{conformance.Title}\n{string.Join('\n', failures)}\n--- krewe's log ({pair.Krewe.LogPath})\n{pair.Krewe.LogTail(15)}");
        }

        // A transcript of failures on both sides would agree and prove nothing.
        Assert.DoesNotContain(await etcd, line => line.Label == ScriptFailed);
    }

    private const string ScriptFailed = "script failed";

    private static List<string> Failures(IReadOnlyList<TranscriptLine> krewe) =>
        [.. krewe.Where(l => l.Label == ScriptFailed).Select(l => l.Text)];

    private static async Task<IReadOnlyList<TranscriptLine>> TranscribeAsync(ConformanceCase conformance, ServerProcess server)
    {
        CaseRun? run = null;
        try
        {
            run = await CaseRun.BeginAsync(server, clean: !conformance.Fresh);
            await conformance.Script(run);
        }
        catch (Exception e) when (run is not null)
        {
            run.Record(ScriptFailed, $"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            if (run is not null)
            {
                await run.DisposeAsync();
            }
        }

        return run!.Lines;
    }
}
