using Krewe.Grains.Keyspace;
using Microsoft.Extensions.Options;

namespace Krewe.Silo.Clustering;

/// <summary>Waits, with a limit, for a state of leadership and of what belongs to it.</summary>
internal sealed class LeaderWait
{
    /// <summary>How often a condition is looked at that does not change with leadership alone, such as the leader's silo joining.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ILeadership _leadership;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;

    public LeaderWait(ILeadership leadership, TimeProvider time, IOptions<RaftClusteringOptions> options)
    {
        _leadership = leadership;
        _time = time;
        _limit = options.Value.LeaderWaitTimeout;
    }

    /// <summary>Waits until this member is ready to lead or another one leads; true in the first case. False also when time is up.</summary>
    public async Task<bool> IsReadyHereAsync(CancellationToken cancellationToken)
    {
        await UntilAsync(() => _leadership.IsReadyLeader || (_leadership.LeaderId != 0 && _leadership.LeaderId != _leadership.MemberId), cancellationToken)
            .ConfigureAwait(false);
        return _leadership.IsReadyLeader;
    }

    /// <summary>Checks now, after each change of leadership and now and then; false when time is up.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_limit, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (true)
            {
                Task change = _leadership.WaitForChangeAsync(limit.Token);
                if (condition())
                {
                    return true;
                }

                await Task.WhenAny(change, Task.Delay(PollInterval, _time, limit.Token)).ConfigureAwait(false);
                limit.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return condition();
        }
    }
}
