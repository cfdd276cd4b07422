using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Load;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Servers;

/// <summary>Asks a starting server for a linearizable read.</summary>
internal static class Probe
{
    private const int RetryMilliseconds = 5;

    /// <summary>False, after a short pause, if the server does not answer yet.</summary>
    public static bool Answers(IPEndPoint endpoint, SslClientAuthenticationOptions? tls)
    {
        try
        {
            using var loop = LoadLoop.Connect([endpoint], 1, tls);
            CallOnce.Send(loop, loop.Connections[0], Methods.Range, new RangeRequest { Key = ByteString.CopyFromUtf8("probe") });
            return true;
        }
        catch (Exception error) when (error is SocketException or Http2Exception or BenchmarkException)
        {
            Thread.Sleep(RetryMilliseconds);
            return false;
        }
    }
}
