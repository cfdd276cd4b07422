using System.Buffers.Binary;
using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>One Watch stream with several watches on the whole prefix. Checks that each sees revisions in order, once.</summary>
internal sealed class WatchStream : IStreamHandler
{
    private readonly Http2Connection _connection;
    private readonly WatchLoad _load;
    private readonly int _watches;
    private readonly Http2Stream _stream;
    private readonly Dictionary<long, long> _lastRevisions = [];

    public WatchStream(Http2Connection connection, WatchLoad load, int watches)
    {
        _connection = connection;
        _load = load;
        _watches = watches;
        _stream = new Http2Stream(this);
    }

    public bool IsCreated => _lastRevisions.Count == _watches;

    public void Start()
    {
        var request = new WatchRequest
        {
            CreateRequest = new WatchCreateRequest { Key = KeySpace.PrefixStart, RangeEnd = KeySpace.PrefixEnd },
        }.ToByteArray();
        _connection.Start(_stream, Methods.Watch);
        for (var i = 0; i < _watches; i++)
        {
            _connection.SendMessage(_stream, request, endStream: false);
        }
    }

    public void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message)
    {
        var response = new WatchResponseReader(message);
        if (response.IsCanceled)
        {
            throw new BenchmarkException("the server cancelled a watch");
        }

        if (response.IsCreated)
        {
            _lastRevisions.Add(response.WatchId, 0);
            return;
        }

        var last = _lastRevisions[response.WatchId];
        while (response.TryReadEvent(out var revision, out var value))
        {
            if (revision <= last)
            {
                throw new BenchmarkException($"a watcher saw revision {revision} after {last}");
            }

            last = revision;
            _load.OnEvent(revision, BinaryPrimitives.ReadInt64LittleEndian(value));
        }

        _lastRevisions[response.WatchId] = last;
    }

    public void OnClosed(Http2Stream stream, in ResponseHead head) =>
        throw new BenchmarkException($"a watch stream ended: {head}");
}
