using System.Diagnostics;
using System.Net.Sockets;
using Google.Protobuf;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load.Logins;

/// <summary>Clients that log in over and over, on a thread of their own so that their handshakes don't delay the other clients' requests.</summary>
internal sealed class LoginCrowd : IDisposable
{
    private const int PollMilliseconds = 5;
    private const int MaxConnectsPerTurn = 8;
    private static readonly long RetryTicks = Stopwatch.Frequency / 10;

    private readonly MeasuredWindow _window;
    private readonly long _pauseTicks;
    private readonly Epoll _epoll = new();
    private readonly LoginClient[] _clients;
    private readonly PriorityQueue<int, long> _away = new();
    private readonly LatencyHistogram _latency = new();
    private readonly Thread _thread;
    private volatile bool _isStopped;
    private Exception? _fault;
    private long _failures;
    private string? _firstFailure;

    public LoginCrowd(LoadSettings settings, KeySpace keys, MeasuredWindow window)
    {
        _window = window;
        _pauseTicks = (long)(settings.LoginPause.TotalSeconds * Stopwatch.Frequency);
        var key = new byte[keys.KeySize];
        _clients = [.. Enumerable.Range(0, settings.LoginClients).Select(CreateClient)];
        _thread = new Thread(Guard) { Name = "logins" };

        LoginClient CreateClient(int index)
        {
            keys.Write(key, index % keys.Count);
            _away.Enqueue(index, 0);
            return new LoginClient(
                settings.Endpoints[index % settings.Endpoints.Count], settings.Tls, settings.Users[index % settings.Users.Count], ByteString.CopyFrom(key));
        }
    }

    public void Start() => _thread.Start();

    /// <summary>Ends the crowd, whatever its clients wait for.</summary>
    public void Stop()
    {
        Join();
        if (_fault is not null)
        {
            throw new BenchmarkException("the logins failed", _fault);
        }
    }

    public LoginFigures Figures(double seconds) => new(_latency.Count / seconds, LatencySummary.Of(_latency), _failures, _firstFailure);

    public void Dispose()
    {
        Join();
        Array.ForEach(_clients, client => client.Dispose());
        _epoll.Dispose();
    }

    private void Join()
    {
        _isStopped = true;
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    private void Guard()
    {
        try
        {
            Run();
        }
#pragma warning disable CA1031 // Whatever ends this thread is told on the one that stops it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _fault = error;
        }
    }

    private void Run()
    {
        while (!_isStopped)
        {
            ConnectSome();
            var count = _epoll.Wait(PollMilliseconds);
            for (var i = 0; i < count; i++)
            {
                Attempt(_epoll.IndexOf(i), Serve);
            }
        }
    }

    // A few at a time: a thousand at once would overflow the server's queue of connections, which the kernel mends a second later.
    private void ConnectSome()
    {
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < MaxConnectsPerTurn && _away.TryPeek(out var index, out var due) && due <= now; i++)
        {
            _away.Dequeue();
            Attempt(index, Connect);
        }
    }

    private void Connect(int index)
    {
        var client = _clients[index];
        client.Connect();
        _epoll.Add(client.Connection!.Socket, index);
    }

    private void Serve(int index)
    {
        var client = _clients[index];
        var connection = client.Connection!;
        connection.OnReadable();
        if (client.IsDone)
        {
            Finish(index);
        }
        else if (connection.HasPendingWrites != client.WatchesWrites)
        {
            client.WatchesWrites = connection.HasPendingWrites;
            _epoll.Change(connection.Socket, index, client.WatchesWrites);
        }
    }

    private void Finish(int index)
    {
        var now = Stopwatch.GetTimestamp();
        if (_window.IsOpen)
        {
            _latency.Record(Tally.ToNanoseconds(now - _clients[index].StartedAt));
        }

        _clients[index].Disconnect();
        _away.Enqueue(index, now + _pauseTicks);
    }

    private void Attempt(int index, Action<int> action)
    {
        try
        {
            action(index);
        }
        catch (Exception error) when (error is Http2Exception or SocketException)
        {
            _failures += _window.IsOpen ? 1 : 0;
            _firstFailure ??= error.Message;
            _clients[index].Disconnect();
            _away.Enqueue(index, Stopwatch.GetTimestamp() + RetryTicks);
        }
    }
}
