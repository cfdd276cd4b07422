using Krewe.Conformance.Engine;
using static Krewe.Conformance.Cases.Gateway.GatewayClient;

namespace Krewe.Conformance.Cases.Gateway;

/// <summary>Section 14: the JSON gateway. <c>Zm9v</c> is <c>foo</c>, <c>YmFy</c> is <c>bar</c>.</summary>
internal static class GatewayCases
{
    private const string PutFoo = """{"key":"Zm9v","value":"YmFy"}""";
    private const string GetFoo = """{"key":"Zm9v"}""";

    public static IEnumerable<ConformanceCase> All =>
    [
        new([322], "the paths are below /v3/ and /v3beta/", async c =>
        {
            await PostAsync(c, "put", "/v3/kv/put", PutFoo);
            await PostAsync(c, "beta", "/v3beta/kv/range", GetFoo);
            using var alpha = await c.Http("alpha", HttpMethod.Post, "/v3alpha/kv/range");
            await PostAsync(c, "delete", "/v3/kv/deleterange", """{"key":"Zm9v","prev_kv":true}""");
            await PostAsync(c, "members", "/v3/lease/leases", "{}");
            await PostAsync(c, "members, older path", "/v3/kv/lease/leases", "{}");
            await PostAsync(c, "defragment", "/v3/maintenance/defragment", "{}");
        }),
        new([323, 325], "numbers of 64 bits are strings, bytes are base64, defaults are left out", async c =>
        {
            await PostAsync(c, "put", "/v3/kv/put", """{"key":"AP/+","value":""}""");
            await PostAsync(c, "range", "/v3/kv/range", """{"key":"AA==","range_end":"AA=="}""");
            await PostAsync(c, "limit as text", "/v3/kv/range", """{"key":"AA==","range_end":"AA==","limit":"1"}""");
            await PostAsync(c, "limit as number", "/v3/kv/range", """{"key":"AA==","range_end":"AA==","limit":1}""");
            await PostAsync(c, "none", "/v3/kv/range", GetFoo);
            await PostAsync(c, "enum by name", "/v3/kv/range", """{"key":"AA==","range_end":"AA==","sort_order":"DESCEND","sort_target":"MOD"}""");
            await PostAsync(c, "enum by number", "/v3/kv/range", """{"key":"AA==","range_end":"AA==","sort_order":2,"sort_target":3}""");
        }),
        new([324, 326], "names are the proto's, unknown fields are ignored, an empty body is {}", async c =>
        {
            await PostAsync(c, "put", "/v3/kv/put", PutFoo);
            await PostAsync(c, "proto name", "/v3/kv/range", """{"key":"Zm9v","range_end":"Zm9w","keys_only":true}""");
            await PostAsync(c, "lower camel", "/v3/kv/range", """{"key":"Zm9v","rangeEnd":"Zm9w","keysOnly":true}""");
            await PostAsync(c, "unknown field", "/v3/kv/range", """{"key":"Zm9v","nonsense":{"a":[1]}}""");
            await PostAsync(c, "grant", "/v3/lease/grant", """{"ID":"77","TTL":"1000"}""");
            await PostAsync(c, "empty body", "/v3/lease/leases", "");
            await PostAsync(c, "empty body of a range", "/v3/kv/range", "");
            await PostAsync(c, "what follows the object", "/v3/kv/range", GetFoo + "{}");
        }),
        new([328], "members of a oneof stand by themselves", async c =>
        {
            await PostAsync(c, "put", "/v3/kv/put", PutFoo);
            await PostAsync(c, "txn", "/v3/kv/txn", """
                {"compare":[{"key":"Zm9v","target":"VALUE","result":"EQUAL","value":"YmFy"},{"key":"Zm9v","target":"VERSION","version":"1"}],
                 "success":[{"request_range":{"key":"Zm9v"}},{"requestPut":{"key":"Zm9v","value":"YQ==","prev_kv":true}},
                            {"request_delete_range":{"key":"Zm8="}}, {"request_txn":{"success":[{"request_range":{"key":"Zm8="}}]}}]}
                """);
        }),
        new([329, 330], "a watch streams one object a line until the client hangs up", async c =>
        {
            await PostStreamAsync(
                c,
                "watch",
                "/v3/watch",
                """{"create_request":{"key":"Zm9v","prev_kv":true}}""",
                lines: 3,
                async () =>
                {
                    await PostAsync(c, "put", "/v3/kv/put", PutFoo);
                    await PostAsync(c, "delete", "/v3/kv/deleterange", GetFoo);
                });
            await PostStreamAsync(c, "bad watch", "/v3/watch", """{"create_request":{"key":"Zm9v","range_end":"Zg=="}}""", lines: 1);
        }),
        new([331], "a WebSocket carries the same messages both ways", async c =>
        {
            await TalkAsync(c, "keepalive", "/v3/lease/keepalive", """{"ID":"5"}""", """{"ID":"6"}""");
            await TalkAsync(c, "watch", "/v3/watch", """{"create_request":{"key":"Zm9v"}}""", """{"create_request":{"key":"Zm9v","watch_id":"9"}}""");
        }),
        new([332, 333], "errors are code and text, and the HTTP status follows the code", async c =>
        {
            await PostAsync(c, "invalid argument", "/v3/kv/range", """{"key":""}""");
            await PostAsync(c, "out of range", "/v3/kv/range", """{"key":"Zm9v","revision":"999999999"}""");
            await PostAsync(c, "not found", "/v3/lease/revoke", """{"ID":"424242"}""");
            await PostAsync(c, "grant", "/v3/lease/grant", """{"ID":"78","TTL":"1000"}""");
            await PostAsync(c, "failed precondition", "/v3/lease/grant", """{"ID":"78","TTL":"1000"}""");
        }),
        new([334], "what is not JSON, or not base64, is refused", async c =>
        {
            await PostMalformedAsync(c, "open object", "/v3/kv/range", "{");
            await PostMalformedAsync(c, "array", "/v3/kv/range", "[]");
            await PostMalformedAsync(c, "text", "/v3/kv/range", "nonsense");
            await PostMalformedAsync(c, "base64", "/v3/kv/range", """{"key":"@@@"}""");
            await PostMalformedAsync(c, "number", "/v3/kv/range", """{"key":"Zm9v","limit":"many"}""");
            await PostAsync(c, "enum", "/v3/kv/range", """{"key":"Zm9v","sort_order":"SIDEWAYS"}""");
        }),
        new([335], "other methods are refused and unknown paths are not found", async c =>
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
            {
                using var request = new HttpRequestMessage(method, new Uri(c.Target.ClientUrl, "/v3/kv/range"));
                using var answer = await c.Target.Http.SendAsync(request);
                c.Record($"{method}", $"{(int)answer.StatusCode} {GatewayJson.Canonical(c, await answer.Content.ReadAsStringAsync())}");
            }

            await PostAsync(c, "unknown", "/v3/kv/nonsense", "{}");
            await PostAsync(c, "root", "/v3/", "{}");
        }),
        new([337, 340], "limits and metadata count as on gRPC", async c =>
        {
            var operation = """{"request_range":{"key":"Zm9v"}}""";
            await PostAsync(c, "too many operations", "/v3/kv/txn", $$"""{"success":[{{string.Join(',', Enumerable.Repeat(operation, 129))}}]}""");
            await PostAsync(c, "with a leader", "/v3/kv/range", GetFoo, ("Grpc-Metadata-hasleader", "true"));
            await PostAsync(c, "too large", "/v3/kv/put", $$"""{"key":"Zm9v","value":"{{Convert.ToBase64String(new byte[1_600_000])}}"}""");
        }),
        new([338], "--enable-grpc-gateway=false removes the paths", async c =>
        {
            using var range = await c.Http("range", HttpMethod.Post, "/v3/kv/range");
            using var health = await c.Http("health", HttpMethod.Get, "/health");
        })
        { Fresh = true, Flags = ["--enable-grpc-gateway=false"] },
        new([339], "a keepalive of one object answers one line and ends", async c =>
        {
            await PostAsync(c, "grant", "/v3/lease/grant", """{"ID":"79","TTL":"1000"}""");
            await PostStreamAsync(c, "keepalive", "/v3/lease/keepalive", """{"ID":"79"}""", lines: 2);
            await PostStreamAsync(c, "two", "/v3/lease/keepalive", """{"ID":"79"} {"ID":"80"}""", lines: 3);
        }),
    ];
}
