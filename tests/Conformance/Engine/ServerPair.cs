namespace Krewe.Conformance.Engine;

/// <summary>A real etcd and a Krewe that were started alike.</summary>
internal sealed class ServerPair(ServerProcess etcd, ServerProcess krewe) : IAsyncDisposable
{
    public ServerProcess Etcd => etcd;

    public ServerProcess Krewe => krewe;

    public static async Task<ServerPair> StartAsync(
        IReadOnlyList<string>? flags = null, IReadOnlyList<string>? kreweFlags = null, bool unsafeNoFsync = false,
        bool behindGateway = false)
    {
        // Asked first, so that an absent peer skips (and an absent Krewe fails) the test before any process is started.
        _ = (PeerPaths.Etcd, PeerPaths.Krewe);
        var kreweOwn = PeerPaths.SelfCheck ? flags : kreweFlags ?? flags;
        var etcd = ServerProcess.StartAsync(new ServerOptions(ServerKind.Etcd, null, flags, unsafeNoFsync));
        var krewe = ServerProcess.StartAsync(new ServerOptions(ServerKind.Krewe, null, kreweOwn, unsafeNoFsync, BehindGateway: behindGateway));
        try
        {
            await Task.WhenAll(etcd, krewe);
        }
        catch
        {
            await DisposeStartedAsync(etcd);
            await DisposeStartedAsync(krewe);
            throw;
        }

        return new ServerPair(await etcd, await krewe);
    }

    public async ValueTask DisposeAsync()
    {
        await etcd.DisposeAsync();
        await krewe.DisposeAsync();
    }

    private static async Task DisposeStartedAsync(Task<ServerProcess> start)
    {
        if (start.IsCompletedSuccessfully)
        {
            await (await start).DisposeAsync();
        }
    }
}
