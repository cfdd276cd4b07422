using System.Diagnostics;
using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Keeps one lease alive over one stream, again as soon as it is answered.</summary>
internal sealed class KeepAliveClient : IStreamHandler
{
    private readonly Http2Connection _connection;
    private readonly long _leaseId;
    private readonly byte[] _request;
    private readonly Tally _tally;
    private readonly MeasuredWindow _window;
    private long _startedAt;

    public KeepAliveClient(Http2Connection connection, long leaseId, Tally tally, MeasuredWindow window)
    {
        _connection = connection;
        _leaseId = leaseId;
        _request = new LeaseKeepAliveRequest { ID = leaseId }.ToByteArray();
        _tally = tally;
        _window = window;
        Stream = new Http2Stream(this);
    }

    public Http2Stream Stream { get; }

    public bool IsWaiting { get; private set; }

    public void Start()
    {
        _connection.Start(Stream, Methods.LeaseKeepAlive);
        Next(Stopwatch.GetTimestamp());
    }

    public void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message)
    {
        var (id, ttl) = ResponseReader.ReadLease(message);
        if (id != _leaseId || ttl <= 0)
        {
            throw new BenchmarkException($"keep-alive of lease {_leaseId:x} answered lease {id:x} with TTL {ttl}");
        }

        var now = Stopwatch.GetTimestamp();
        _tally.Record(now - _startedAt);
        IsWaiting = false;
        if (!_window.IsStopped)
        {
            Next(now);
        }
    }

    public void OnClosed(Http2Stream stream, in ResponseHead head) =>
        throw new BenchmarkException($"the keep-alive stream ended: {head}");

    private void Next(long now)
    {
        _startedAt = now;
        IsWaiting = true;
        _connection.SendMessage(Stream, _request, endStream: false);
    }
}
