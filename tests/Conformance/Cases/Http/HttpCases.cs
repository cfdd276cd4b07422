using System.Text.Json;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Http;

/// <summary>Section 13: the HTTP endpoints of the client and metrics ports.</summary>
internal static class HttpCases
{
    private static readonly string[] Paths = ["/health", "/livez", "/readyz", "/version", "/debug/vars"];

    public static IEnumerable<ConformanceCase> All =>
    [
        new([304, 306], "/health is healthy, also when asked serializably or with exclusions", async c =>
        {
            await Get(c, "/health");
            await Get(c, "/health?serializable=true");
            await Get(c, "/health?serializable=false");
            await Get(c, "/health?exclude=NOSPACE");
            await Get(c, "/health?exclude=NOSPACE&exclude=CORRUPT");
            await Get(c, "/health?exclude=nonsense");
        }),
        new([308, 309], "/livez and /readyz tell ok and, when asked, each check", async c =>
        {
            await Get(c, "/livez");
            await Get(c, "/readyz");
            foreach (var path in new[] { "/livez?verbose", "/readyz?verbose", "/readyz?verbose=true" })
            {
                // etcd walks a map, so the order of its check lines differs from run to run.
                using var answer = await c.Target.Http.GetAsync(path);
                var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
                c.Record(path, $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType} {string.Join('|', lines.SkipLast(2).Order(StringComparer.Ordinal))} then {string.Join('|', lines.TakeLast(2))}");
            }
        }),
        new([310], "checks are excluded by name and run one by one", async c =>
        {
            await Get(c, "/livez?exclude=serializable_read&verbose");
            await Get(c, "/livez?exclude=nonsense");
            await Get(c, "/livez/serializable_read");
            await Get(c, "/readyz/linearizable_read");
            await Get(c, "/readyz/data_corruption");
            await Get(c, "/readyz/serializable_read");
            await Get(c, "/livez/nonsense");
        }),
        new([312], "other methods than GET are refused with Allow", async c =>
        {
            foreach (var path in Paths)
            {
                foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
                {
                    using var answer = await c.Http($"{method} {path}", method, path, null, "Allow");
                }
            }

            using var head = await c.Http("HEAD /health", HttpMethod.Head, "/health", null, "Allow");
        }),
        new([313], "/version names server, cluster and storage", async c =>
        {
            using var answer = await c.Target.Http.GetAsync("/version");
            c.Record("status", $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType}");
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            foreach (var property in json.RootElement.EnumerateObject())
            {
                var text = property.Value.GetString()!;
                c.Record(property.Name, $"semver {Version.TryParse(text, out var version) && version.Build >= 0}");
            }

            if (!json.RootElement.TryGetProperty("storage", out _))
            {
                c.Record("storage", "absent");
            }

            var status = await c.Target.Maintenance.StatusAsync(new(), deadline: CaseRun.Deadline());
            c.Record("same as Status", $"{status.Version == json.RootElement.GetProperty("etcdserver").GetString()}");
        })
        { Deviations = [Deviation.Exactly("storage", "the storage version appears since 3.6 (B313)", "semver True")] },
        new([314], "/metrics is Prometheus text", async c =>
        {
            await c.Seed("a");
            using var answer = await c.Target.Http.GetAsync("/metrics");
            c.Record("status", $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType?.MediaType}");
            var names = (await answer.Content.ReadAsStringAsync()).Split('\n')
                .Where(l => l.StartsWith("# TYPE etcd_", StringComparison.Ordinal)).Select(l => l[7..]).ToHashSet(StringComparer.Ordinal);
            // The metrics that dashboards and alerts of etcd are built on; a type that differs breaks their queries.
            foreach (var wanted in new[]
            {
                "etcd_server_has_leader gauge", "etcd_server_is_leader gauge", "etcd_server_leader_changes_seen_total counter",
                "etcd_server_proposals_committed_total gauge", "etcd_server_proposals_applied_total gauge",
                "etcd_server_proposals_pending gauge", "etcd_server_proposals_failed_total counter", "etcd_server_id gauge",
                "etcd_server_version gauge", "etcd_disk_wal_fsync_duration_seconds histogram",
                "etcd_disk_backend_commit_duration_seconds histogram", "etcd_mvcc_db_total_size_in_bytes gauge",
                "etcd_mvcc_db_total_size_in_use_in_bytes gauge", "etcd_mvcc_put_total counter", "etcd_mvcc_range_total counter",
                "etcd_mvcc_delete_total counter", "etcd_mvcc_txn_total counter", "etcd_debugging_mvcc_keys_total gauge",
                "etcd_debugging_mvcc_current_revision gauge", "etcd_debugging_mvcc_watcher_total gauge",
                "etcd_server_slow_apply_total counter", "etcd_server_quota_backend_bytes gauge",
            })
            {
                c.Record(wanted, $"{names.Contains(wanted)}");
            }
        }),
        new([315, 314], "the metrics port serves metrics and health alone", async c =>
        {
            foreach (var path in new[] { "/health", "/livez", "/readyz" })
            {
                using var answer = await c.Http(path, HttpMethod.Get, path, c.Target.MetricsUrl);
            }

            using var metrics = await c.Target.Http.GetAsync(new Uri(c.Target.MetricsUrl, "/metrics"));
            c.Record("metrics", $"{(int)metrics.StatusCode} {metrics.Content.Headers.ContentType?.MediaType}");
            foreach (var path in new[] { "/version", "/v3/kv/range", "/debug/vars" })
            {
                using var answer = await c.Http(path, HttpMethod.Get, path, c.Target.MetricsUrl);
            }

            using var onClient = await c.Target.Http.GetAsync("/metrics");
            c.Record("metrics on the client port", $"{(int)onClient.StatusCode}");
        })
        { Fresh = true, Flags = ["--listen-metrics-urls={metrics}"] },
        new([316], "/debug/vars is there and /debug/pprof is not", async c =>
        {
            using var vars = await c.Target.Http.GetAsync("/debug/vars");
            c.Record("vars", $"{(int)vars.StatusCode} {vars.Content.Headers.ContentType}");
            using var json = JsonDocument.Parse(await vars.Content.ReadAsStringAsync());
            c.Record("is an object", $"{json.RootElement.ValueKind}");
            await Get(c, "/debug/pprof/");
        }),
        new([318], "answers carry CORS headers and OPTIONS is empty", async c =>
        {
            string[] cors = ["Access-Control-Allow-Methods", "Access-Control-Allow-Origin", "Access-Control-Allow-Headers"];
            using var get = await c.Http("GET", HttpMethod.Get, "/health", null, cors);
            using var missing = await c.Http("GET unknown", HttpMethod.Get, "/unknown", null, cors);
            using var options = await c.Http("OPTIONS", HttpMethod.Options, "/health", null, cors);
            using var anywhere = await c.Http("OPTIONS anywhere", HttpMethod.Options, "/unknown", null, cors);
        }),
        new([319], "a foreign Host is refused when there is a whitelist", async c =>
        {
            foreach (var host in new[] { "127.0.0.1", "good.example", "bad.example", "good.example:1234", "GOOD.example" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
                request.Headers.Host = host;
                using var answer = await c.Target.Http.SendAsync(request);
                var body = await answer.Content.ReadAsStringAsync();
                c.Record($"host {host}", $"{(int)answer.StatusCode} text {body.Length > 0}");
            }
        })
        { Fresh = true, Flags = ["--host-whitelist=good.example,127.0.0.1"] },
        new([320], "unknown paths are 404", async c =>
        {
            await Get(c, "/");
            await Get(c, "/unknown");
            await Get(c, "/healthz");
            await Get(c, "/v2/keys");
            using var post = await c.Http("POST", HttpMethod.Post, "/unknown");
        }),
        new([321], "HTTP/1 and gRPC share the client port", async c =>
        {
            await c.Seed("a");
            await Get(c, "/health");
            await c.Dump();
        }),
    ];

    private static async Task Get(CaseRun c, string path)
    {
        using var answer = await c.Http($"GET {path}", HttpMethod.Get, path, null, "X-Content-Type-Options");
    }
}
