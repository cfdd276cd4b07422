using System.Net;
using Krewe.Api.Hosting;
using Krewe.Api.Tests.Hosting;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Api.Tests.Http;

public sealed class HttpEndpointTests
{
    [Fact]
    public async Task Health_is_true_when_all_is_well_behaviour_304()
    {
        await using var host = await ApiHost.StartAsync();

        await ExpectAsync(host, "/health", 200, """{"health":"true","reason":""}""");
        await MetricsAsync(host, "etcd_server_health_success 1");
    }

    [Fact]
    public async Task Gateways_learn_where_the_silos_are()
    {
        await using var host = await ApiHost.StartAsync();

        await ExpectAsync(host, "/krewe/silos", 200, """{"cluster":"c1","gateways":["10.0.0.1:4000","10.0.0.2:4000"]}""");
    }

    [Fact]
    public async Task Where_the_silos_are_is_not_told_while_auth_is_enabled()
    {
        await using var host = await ApiHost.StartAsync();
        host.Auth.Set(v => v with { Enabled = true });

        await ExpectAsync(host, "/krewe/silos", 401, "a user's name and password are needed while authentication is enabled\n");
    }

    [Fact]
    public async Task Health_names_the_first_problem_behaviours_305_to_307()
    {
        await using var host = await ApiHost.StartAsync();
        host.Status.LeaderId = 0;
        host.Keyspace.Failure = EtcdError.Timeout;
        host.Maintenance.Alarms.Add(new Alarm(1, AlarmType.NoSpace));

        await ExpectAsync(host, "/health", 503, Unhealthy("ALARM NOSPACE"));
        await ExpectAsync(host, "/health?exclude=NOSPACE", 503, Unhealthy("RAFT NO LEADER"));
        await ExpectAsync(host, "/health?exclude=NOSPACE&serializable=true", 503, Unhealthy("RANGE ERROR:etcdserver: request timed out"));
        host.Status.LeaderId = 1;
        await ExpectAsync(host, "/health?exclude=NOSPACE", 503, Unhealthy("RANGE ERROR:etcdserver: request timed out"));
        host.Keyspace.Failure = EtcdError.None;
        host.Maintenance.Alarms.Add(new Alarm(1, AlarmType.Corrupt));
        await ExpectAsync(host, "/health?exclude=NOSPACE", 503, Unhealthy("ALARM CORRUPT"));
        await ExpectAsync(host, "/health?exclude=NOSPACE&exclude=CORRUPT", 200, """{"health":"true","reason":""}""");
        await MetricsAsync(host, "etcd_server_health_failures 5");
    }

    [Fact]
    public async Task Livez_and_readyz_run_their_checks_behaviours_308_to_311()
    {
        await using var host = await ApiHost.StartAsync();

        await ExpectAsync(host, "/livez", 200, "ok\n");
        await ExpectAsync(host, "/livez?verbose", 200, "[+]serializable_read ok\nok\n");
        await ExpectAsync(host, "/readyz?exclude=non_learner&exclude=nonsense&verbose", 200,
            "[+]data_corruption ok\n[+]serializable_read ok\n[+]linearizable_read ok\nok\n");
        await ExpectAsync(host, "/readyz/linearizable_read", 200, "ok\n");
        await ExpectAsync(host, "/readyz/nonsense", 404, "404 page not found\n");
        await MetricsAsync(host, "etcd_server_healthchecks_total{type=\"livez\",name=\"serializable_read\",status=\"success\"} 2");
    }

    [Fact]
    public async Task Failing_checks_are_listed_behaviours_309_311()
    {
        await using var host = await ApiHost.StartAsync();
        host.Maintenance.Alarms.Add(new Alarm(1, AlarmType.NoSpace));
        await ExpectAsync(host, "/readyz", 200, "ok\n");

        host.Maintenance.Alarms.Add(new Alarm(1, AlarmType.Corrupt));

        await ExpectAsync(host, "/readyz", 503,
            "[-]data_corruption failed: alarm activated: CORRUPT\n[+]serializable_read ok\n[+]linearizable_read ok\n[+]non_learner ok\n\n");
        await ExpectAsync(host, "/livez", 200, "ok\n");
        await MetricsAsync(host, "etcd_server_healthcheck{type=\"readyz\",name=\"data_corruption\"} 0");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/version")]
    [InlineData("/debug/vars")]
    public async Task Only_get_is_allowed_behaviour_312(string path)
    {
        await using var host = await ApiHost.StartAsync();

        using var response = await host.Http.PostAsync(path, null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("GET", Assert.Single(response.Content.Headers.Allow));
    }

    [Fact]
    public async Task Version_is_json_behaviour_313()
    {
        await using var host = await ApiHost.StartAsync();
        await using var undecided = await ApiHost.StartAsync(new ApiOptions { ClusterVersion = null });

        await ExpectAsync(host, "/version", 200, """{"etcdserver":"3.7.1","etcdcluster":"3.7.0","storage":"3.7.0"}""");
        await ExpectAsync(undecided, "/version", 200, """{"etcdserver":"3.7.1","etcdcluster":"not_decided","storage":"3.7.0"}""");
    }

    [Fact]
    public async Task Metrics_listeners_serve_metrics_and_health_only_behaviour_315()
    {
        await using var host = await ApiHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.MetricsUrl };

        foreach (var path in new[] { "/metrics", "/health", "/livez", "/readyz", "/readyz/non_learner" })
        {
            using var served = await http.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            Assert.False(served.Headers.Contains("Access-Control-Allow-Origin"));
        }

        foreach (var path in new[] { "/version", "/debug/vars", "/" })
        {
            using var missing = await http.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }
    }

    [Fact]
    public async Task Cors_headers_are_on_every_answer_behaviours_318_320()
    {
        await using var host = await ApiHost.StartAsync();

        using var missing = await host.Http.GetAsync("/nothing");
        using var options = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/v3/kv/put"));

        Assert.Equal((HttpStatusCode.NotFound, "404 page not found\n"), (missing.StatusCode, await missing.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.OK, ""), (options.StatusCode, await options.Content.ReadAsStringAsync()));
        foreach (var response in new[] { missing, options })
        {
            Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Equal("POST, GET, OPTIONS, PUT, DELETE", response.Headers.GetValues("Access-Control-Allow-Methods").Single());
            Assert.Equal("accept, content-type, authorization", response.Headers.GetValues("Access-Control-Allow-Headers").Single());
        }
    }

    [Fact]
    public async Task Cors_can_be_limited_to_origins()
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { CorsOrigins = ["http://good"] });

        Assert.Equal("http://good", await OriginAsync(host, "http://good"));
        Assert.Null(await OriginAsync(host, "http://bad"));
    }

    [Theory]
    [InlineData("good", 200)]
    [InlineData("GOOD", 421)]
    [InlineData("bad", 421)]
    public async Task Hosts_outside_the_list_are_misdirected_behaviour_319(string name, int status)
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { HostWhitelist = ["good"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version") { Headers = { Host = name } };

        using var response = await host.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Debug_vars_is_json_behaviour_316()
    {
        await using var host = await ApiHost.StartAsync();

        using var json = System.Text.Json.JsonDocument.Parse(await host.Http.GetStringAsync("/debug/vars"));

        Assert.Equal("ab", json.RootElement.GetProperty("raft.status").GetProperty("id").GetString());
    }

    private static string Unhealthy(string reason) => "{\"health\":\"false\",\"reason\":\"" + reason + "\"}\n";

    private static async Task<string?> OriginAsync(ApiHost host, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version") { Headers = { { "Origin", origin } } };
        using var response = await host.Http.SendAsync(request);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
    }

    private static async Task ExpectAsync(ApiHost host, string path, int status, string body)
    {
        using var response = await host.Http.GetAsync(path);
        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    private static async Task MetricsAsync(ApiHost host, string line) =>
        Assert.Contains(line + "\n", await host.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
}
