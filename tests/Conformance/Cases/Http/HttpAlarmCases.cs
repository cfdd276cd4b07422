using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Http;

/// <summary>Section 13: health and readiness while an alarm is active.</summary>
internal static class HttpAlarmCases
{
    private static readonly string[] Paths =
        ["/health", "/health?exclude=NOSPACE", "/health?exclude=CORRUPT", "/livez", "/readyz", "/readyz/data_corruption"];

    public static IEnumerable<ConformanceCase> All =>
    [
        new([305, 307, 311], "an alarm fails /health, CORRUPT fails /readyz too, and neither fails /livez", async c =>
        {
            foreach (var alarm in new[] { AlarmType.Nospace, AlarmType.Corrupt })
            {
                await SetAsync(c, AlarmRequest.Types.AlarmAction.Activate, alarm);
                foreach (var path in Paths)
                {
                    await GetAsync(c, $"{alarm} {path}", path);
                }

                await SetAsync(c, AlarmRequest.Types.AlarmAction.Deactivate, alarm);
            }

            await GetAsync(c, "afterwards", "/health");
        })
        { Fresh = true },
    ];

    /// <summary>etcd walks a map, so the order of its check lines differs from run to run.</summary>
    private static async Task GetAsync(CaseRun c, string label, string path)
    {
        using var answer = await c.Target.Http.GetAsync(path);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        c.Record(label, $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType} {answer.Headers.Contains("X-Content-Type-Options")} {string.Join('|', lines.Order(StringComparer.Ordinal))}");
    }

    private static async Task SetAsync(CaseRun c, AlarmRequest.Types.AlarmAction action, AlarmType alarm)
    {
        var status = await c.Target.Maintenance.StatusAsync(new(), deadline: CaseRun.Deadline());
        await c.Target.Maintenance.AlarmAsync(
            new AlarmRequest { Action = action, Alarm = alarm, MemberID = status.Header.MemberId }, deadline: CaseRun.Deadline());
    }
}
