using System.Net;
using System.Net.Security;
using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Load;

/// <summary>The thread that drives all connections of a run: connects, lets the workload start its clients, and polls.</summary>
internal sealed class LoadLoop : IDisposable
{
    private const int HandshakeTimeoutMilliseconds = 10_000;
    private readonly EventLoop _loop = new();

    private LoadLoop()
    {
    }

    public IReadOnlyList<Http2Connection> Connections => _loop.Connections;

    /// <summary>Connects to the endpoints in turn and waits for every server's settings.</summary>
    public static LoadLoop Connect(IReadOnlyList<IPEndPoint> endpoints, int connections, SslClientAuthenticationOptions? tls = null)
    {
        var loop = new LoadLoop();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                loop._loop.Add(Http2Connection.Connect(endpoints[i % endpoints.Count], tls));
            }

            loop.PollUntil(() => loop.Connections.All(connection => connection.IsReady), HandshakeTimeoutMilliseconds);
            return loop;
        }
        catch
        {
            loop.Dispose();
            throw;
        }
    }

    public void PollOnce(int timeoutMilliseconds) => _loop.Poll(timeoutMilliseconds);

    public void Flush() => _loop.FlushAll();

    /// <summary>Serves the connections until the condition holds; throws after the timeout.</summary>
    public void PollUntil(Func<bool> condition, int timeoutMilliseconds)
    {
        _loop.FlushAll();
        var deadline = Environment.TickCount64 + timeoutMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new BenchmarkException($"no answer within {timeoutMilliseconds} ms");
            }

            _loop.Poll(1);
        }
    }

    public void Dispose() => _loop.Dispose();
}
