using System.Text;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>/livez and /readyz, and one path per check below them (behaviours 308-311).</summary>
internal sealed class ChecksEndpoint(string type, HealthChecks health, IReadOnlyList<ChecksEndpoint.Check> checks) : IHttpEndpoint
{
    public string Path { get; } = "/" + type;

    public bool HasSubPaths => true;

    /// <summary>A member that stops is not ready any more, so that load balancers turn away from it before it closes; it is alive to the end.</summary>
    private bool IsStopping => type == "readyz" && health.IsStopping;

    public static ChecksEndpoint Livez(HealthChecks health) =>
        new("livez", health, [new("serializable_read", token => health.ReadAsync(true, token))]);

    public static ChecksEndpoint Readyz(HealthChecks health) => new("readyz", health,
    [
        new("data_corruption", health.CorruptionAsync),
        new("serializable_read", token => health.ReadAsync(true, token)),
        new("linearizable_read", token => health.ReadAsync(false, token)),
        new("non_learner", health.LearnerAsync),
    ]);

    public Task HandleAsync(HttpContext http)
    {
        var name = http.Request.Path.Value![Path.Length..].TrimStart('/');
        if (name.Length == 0)
        {
            var excluded = http.Request.Query["exclude"];
            return RunAsync(http, [.. checks.Where(c => !excluded.Contains(c.Name))]);
        }

        Check[] one = [.. checks.Where(c => c.Name == name)];
        return one.Length == 0 ? HttpText.NotFoundAsync(http) : RunAsync(http, one);
    }

    private async Task RunAsync(HttpContext http, Check[] chosen)
    {
        var lines = new StringBuilder();
        var isHealthy = !IsStopping;
        if (IsStopping)
        {
            lines.Append("[-]stopping failed: the member stops\n");
        }

        foreach (var check in chosen)
        {
            var problem = await check.Run(http.RequestAborted);
            health.Metrics.CountCheck(type, check.Name, problem is null);
            lines.Append(problem is null ? $"[+]{check.Name} ok\n" : $"[-]{check.Name} failed: {problem}\n");
            isHealthy &= problem is null;
        }

        if (!isHealthy)
        {
            await HttpText.WriteErrorAsync(http, StatusCodes.Status503ServiceUnavailable, lines.ToString());
            return;
        }

        http.Response.Headers.XContentTypeOptions = "nosniff";
        await HttpText.WriteAsync(http, StatusCodes.Status200OK, (http.Request.Query.ContainsKey("verbose") ? lines.ToString() : "") + "ok\n");
    }

    /// <summary>One named probe; null means that all is well.</summary>
    internal sealed record Check(string Name, Func<CancellationToken, Task<string?>> Run);
}
