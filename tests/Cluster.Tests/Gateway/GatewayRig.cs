using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Gateway;
using Krewe.Grains.Gateway.Watch;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Cluster.Tests.Gateway;

/// <summary>A gateway's hub over a member's, in one process.</summary>
internal sealed class GatewayRig : IAsyncDisposable
{
    private readonly List<FakeRelay> _relays = [];

    public GatewayRig(GatewayWatchOptions? options = null)
    {
        Member = new WatchRig();
        Hub = new GatewayWatchHub(
            Open,
            Status,
            new MemberLoss(),
            options ?? new GatewayWatchOptions { ReconnectDelay = TimeSpan.FromMilliseconds(5), ProgressRetryDelay = TimeSpan.FromMilliseconds(10) },
            TimeProvider.System);
    }

    /// <summary>The member: its keyspace is the rig's history.</summary>
    public WatchRig Member { get; }

    /// <summary>What the member judges by.</summary>
    public FakeAuth Auth { get; } = new();

    public GatewayStatus Status { get; } = new();

    public GatewayWatchHub Hub { get; }

    /// <summary>Watchers on the member, over all relays that were not cut.</summary>
    public int MemberWatchers => Member.Hub.GetStatistics().Watchers;

    /// <summary>Every relay that there was is lost, as if its member had died; the member's state stays.</summary>
    public void LoseMember()
    {
        lock (_relays)
        {
            _relays.ForEach(relay => relay.Cut());
        }
    }

    /// <summary>Waits until all watchers are in the live flow of their shared watch.</summary>
    public Task LiveAsync() => Eventually.TrueAsync(() => Hub.Count().CatchingUp == 0, "all watchers are live");

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Member.DisposeAsync();
        _relays.ForEach(relay => relay.Dispose());
    }

    private IWatchRelayGrain Open()
    {
        lock (_relays)
        {
            _relays.Add(new FakeRelay(Member.Hub, Auth));
            return _relays[^1];
        }
    }
}
