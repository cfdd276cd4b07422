using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Gateway;

/// <summary>Asks the JSON gateway and records the answers.</summary>
internal static class GatewayClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>POSTs <paramref name="body"/> and records status, type and canonical body.</summary>
    public static async Task PostAsync(CaseRun c, string label, string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = Request(c, path, body, headers);
        using var answer = await c.Target.Http.SendAsync(request);
        c.Record(label, $"{Status(answer)} {GatewayJson.Canonical(c, await answer.Content.ReadAsStringAsync())}");
    }

    /// <summary>The same, but of an error only its code: its text is the JSON library's.</summary>
    public static async Task PostMalformedAsync(CaseRun c, string label, string path, string body)
    {
        using var request = Request(c, path, body, []);
        using var answer = await c.Target.Http.SendAsync(request);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        c.Record(label, $"{Status(answer)} code {json["code"]} text {json["message"]!.ToString().Length > 0}");
    }

    /// <summary>POSTs and records the first <paramref name="lines"/> lines of the stream, then hangs up.</summary>
    public static async Task PostStreamAsync(CaseRun c, string label, string path, string body, int lines, Func<Task>? afterFirst = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var request = Request(c, path, body, []);
        using var answer = await c.Target.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        for (var i = 0; i < lines; i++)
        {
            var line = await reader.ReadLineAsync(limit.Token);
            c.Record($"{label} {i}", line is null ? "end" : $"{Status(answer)} {GatewayJson.Canonical(c, line)}");
            if (i == 0 && afterFirst is not null)
            {
                await afterFirst();
            }
        }
    }

    /// <summary>Sends each message on a WebSocket and records as many answers as there are messages.</summary>
    public static Task TalkAsync(CaseRun c, string label, string path, params string[] messages) => TalkAsync(c, label, path, [], messages);

    /// <summary>The same with subprotocols, which are the only header that a browser can set.</summary>
    public static async Task TalkAsync(CaseRun c, string label, string path, string[] subprotocols, string[] messages)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new ClientWebSocket();
        Array.ForEach(subprotocols, socket.Options.AddSubProtocol);
        await socket.ConnectAsync(new UriBuilder(new Uri(c.Target.ClientUrl, path)) { Scheme = "ws" }.Uri, limit.Token);
        c.Record($"{label} subprotocol", socket.SubProtocol is { Length: > 0 } negotiated ? negotiated : "none");
        for (var i = 0; i < messages.Length; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(messages[i]), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            c.Record($"{label} {i}", GatewayJson.Canonical(c, await ReceiveAsync(socket, limit.Token)));
        }
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            text.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static HttpRequestMessage Request(CaseRun c, string path, string body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(c.Target.ClientUrl, path)) { Content = new StringContent(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    private static string Status(HttpResponseMessage answer) => $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType?.MediaType}";
}
