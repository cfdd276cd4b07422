using System.Threading.Channels;
using Krewe.Grains.Cluster.Silos;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>
/// Tells Orleans about each new table version when it is applied, so that views follow the log and not gossip or the one-minute refresh.
/// </summary>
internal sealed partial class MembershipRefresher : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly SiloTable _silos;
    private readonly IClusterMembershipService _membership;
    private readonly ILogger<MembershipRefresher> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<long> _versions =
        Channel.CreateBounded<long>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task _loop = Task.CompletedTask;

    public MembershipRefresher(SiloTable silos, IClusterMembershipService membership, ILogger<MembershipRefresher> logger)
    {
        _silos = silos;
        _membership = membership;
        _logger = logger;
    }

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(MembershipRefresher), ServiceLifecycleStage.Active, OnStartAsync, OnStopAsync);

    public void Dispose() => _stop.Dispose();

    private Task OnStartAsync(CancellationToken cancellationToken)
    {
        _silos.Changed += OnChanged;
        OnChanged(_silos.Current);
        _loop = Task.Run(RefreshAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task OnStopAsync(CancellationToken cancellationToken)
    {
        _silos.Changed -= OnChanged;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void OnChanged(SiloTableSnapshot table) => _versions.Writer.TryWrite(table.Version);

    private async Task RefreshAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                long version = await _versions.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
                await _membership.Refresh(new MembershipVersion(version), _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                LogRefreshFailed(_logger, exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not refresh the view of the silo membership table; it will follow the next change")]
    private static partial void LogRefreshFailed(ILogger logger, Exception exception);
}
