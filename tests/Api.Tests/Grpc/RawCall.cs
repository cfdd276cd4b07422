using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Krewe.Api.Tests.Hosting;

namespace Krewe.Api.Tests.Grpc;

/// <summary>gRPC by hand over HTTP/2: what a client library would refuse to send, or replace by its own text.</summary>
internal static class RawCall
{
    public static Task<(StatusCode Code, string Text)> SendAsync(
        ApiHost host, string path, byte[] message, params (string Name, string Value)[] headers)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return SendFrameAsync(host, path, frame, headers);
    }

    public static async Task<(StatusCode Code, string Text)> SendFrameAsync(
        ApiHost host, string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1 };
        using var client = new HttpClient(handler) { BaseAddress = host.ClientUrl };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        var code = Find(response, "grpc-status");
        return ((StatusCode)int.Parse(code, CultureInfo.InvariantCulture), Uri.UnescapeDataString(Find(response, "grpc-message")));
    }

    private static string Find(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.Single() : "";
}
