using Krewe.Api.Mapping;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>/health (behaviours 304-307).</summary>
internal sealed class HealthEndpoint(HealthChecks checks) : IHttpEndpoint
{
    public string Path => "/health";

    public async Task HandleAsync(HttpContext http)
    {
        var reason = await FindProblemAsync(http);
        checks.Metrics.CountHealth(reason is null);
        if (reason is null)
        {
            await HttpText.WriteAsync(http, StatusCodes.Status200OK, Body("true", ""));
        }
        else
        {
            await HttpText.WriteErrorAsync(http, StatusCodes.Status503ServiceUnavailable, Body("false", reason));
        }
    }

    private static string Body(string health, string reason) => $$"""{"health":"{{health}}","reason":"{{reason}}"}""";

    private async Task<string?> FindProblemAsync(HttpContext http)
    {
        var excluded = http.Request.Query["exclude"];
        foreach (var alarm in await checks.AlarmsAsync(http.RequestAborted))
        {
            if (!excluded.Contains(AlarmText.Name(alarm)))
            {
                return $"ALARM {AlarmText.Name(alarm)}";
            }
        }

        var serializable = http.Request.Query["serializable"] == "true";
        if (!serializable && !checks.HasLeader)
        {
            return "RAFT NO LEADER";
        }

        var error = await checks.ReadAsync(serializable, http.RequestAborted);
        return error is null ? null : $"RANGE ERROR:{error}";
    }
}
