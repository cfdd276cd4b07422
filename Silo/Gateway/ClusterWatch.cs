using Krewe.Grains.Gateway;

namespace Krewe.Silo.Gateway;

/// <summary>Keeps what the gateway knows of the cluster fresh, and notes when nobody answers any more.</summary>
internal sealed class ClusterWatch(MemberCalls calls, GatewayStatus status) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Returns once a member has answered: before that no response could carry a header.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        while (!await AskAsync(cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(Period, cancellationToken).ConfigureAwait(false);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!await AskAsync(stoppingToken).ConfigureAwait(false))
            {
                status.LoseCluster();
            }
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            return await calls.RefreshAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
