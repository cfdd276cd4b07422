namespace Krewe.Benchmarks.Http2;

/// <summary>One epoll set over connections, all driven by the thread that calls <see cref="Poll"/>.</summary>
/// <remarks>
/// .NET's own asynchronous sockets hand each completion to the thread pool; one thread that reads, reacts and writes in
/// place costs a fraction of that, and the generator shares its processor with the server under test.
/// </remarks>
internal sealed class EventLoop : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly List<Http2Connection> _connections = [];
    private readonly List<bool> _watchesWrites = [];

    public IReadOnlyList<Http2Connection> Connections => _connections;

    public void Add(Http2Connection connection)
    {
        _epoll.Add(connection.Socket, _connections.Count);
        _connections.Add(connection);
        _watchesWrites.Add(false);
    }

    /// <summary>Waits at most <paramref name="timeoutMilliseconds"/> for sockets, and serves those that are ready.</summary>
    public void Poll(int timeoutMilliseconds)
    {
        var count = _epoll.Wait(timeoutMilliseconds);
        for (var i = 0; i < count; i++)
        {
            var index = _epoll.IndexOf(i);
            var connection = _connections[index];
            connection.OnReadable();
            if (connection.HasPendingWrites)
            {
                connection.Flush();
            }

            WatchWrites(index, connection.HasPendingWrites);
        }
    }

    /// <summary>Sends what was queued outside of <see cref="Poll"/>.</summary>
    public void FlushAll()
    {
        for (var i = 0; i < _connections.Count; i++)
        {
            if (_connections[i].HasPendingWrites)
            {
                _connections[i].Flush();
                WatchWrites(i, _connections[i].HasPendingWrites);
            }
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _epoll.Dispose();
    }

    private void WatchWrites(int index, bool wanted)
    {
        if (_watchesWrites[index] != wanted)
        {
            _epoll.Change(_connections[index].Socket, index, wanted);
            _watchesWrites[index] = wanted;
        }
    }
}
