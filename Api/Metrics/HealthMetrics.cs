using Prometheus;

namespace Krewe.Api.Metrics;

/// <summary>Results of /health and of the livez and readyz checks.</summary>
internal sealed class HealthMetrics
{
    private readonly Counter _success;
    private readonly Counter _failures;
    private readonly Gauge _last;
    private readonly Counter _checks;

    public HealthMetrics(KreweMetrics metrics)
    {
        var factory = metrics.Factory;
        _success = factory.CreateCounter("etcd_server_health_success", "The total number of successful health checks");
        _failures = factory.CreateCounter("etcd_server_health_failures", "The total number of failed health checks");
        _last = factory.CreateGauge("etcd_server_healthcheck", "The result of each kind of healthcheck.", "type", "name");
        _checks = factory.CreateCounter("etcd_server_healthchecks_total", "The total number of each kind of healthcheck.", "type", "name", "status");
    }

    public void CountHealth(bool isHealthy) => (isHealthy ? _success : _failures).Inc();

    public void CountCheck(string type, string name, bool isHealthy)
    {
        _last.WithLabels(type, name).Set(isHealthy ? 1 : 0);
        _checks.WithLabels(type, name, isHealthy ? "success" : "error").Inc();
    }
}
