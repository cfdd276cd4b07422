using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Api.Metrics;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Api.Http;

/// <summary>The probes behind /health, /livez and /readyz. Each answers null when all is well, else what is wrong.</summary>
internal sealed class HealthChecks(IHealthProbe probe, IMemberStatus status, HealthMetrics metrics, StopSignal stop)
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    public HealthMetrics Metrics => metrics;

    public bool IsStopping => stop.IsStopping;

    public bool HasLeader => status.LeaderId != 0;

    public async Task<IReadOnlyList<AlarmType>> AlarmsAsync(CancellationToken cancellationToken) =>
        [.. (await probe.AlarmsAsync(cancellationToken)).Select(a => a.Type)];

    public async Task<string?> CorruptionAsync(CancellationToken cancellationToken) =>
        (await AlarmsAsync(cancellationToken)).Contains(AlarmType.Corrupt) ? "alarm activated: CORRUPT" : null;

    public Task<string?> LearnerAsync(CancellationToken cancellationToken) =>
        Task.FromResult(status.IsLearner ? "member is a learner" : null);

    /// <summary>Reads one key; the failure is etcd's error text.</summary>
    public async Task<string?> ReadAsync(bool serializable, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadTimeout);
        try
        {
            var error = await probe.ReadAsync(serializable, limit.Token);
            return error == EtcdError.None ? null : ErrorMapping.Text(error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ErrorMapping.Text(EtcdError.DeadlineExceeded);
        }
    }
}
