using System.Diagnostics;
using System.Net;
using System.Net.Security;
using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load.Logins;

/// <summary>A client that connects, authenticates with its password, reads one key, and goes.</summary>
internal sealed class LoginClient : IStreamHandler, IDisposable
{
    private readonly IPEndPoint _endpoint;
    private readonly SslClientAuthenticationOptions? _tls;
    private readonly byte[] _login;
    private readonly byte[] _get;
    private readonly Http2Stream _stream;
    private bool _isAuthenticated;
    private bool _isAnswered;

    public LoginClient(IPEndPoint endpoint, SslClientAuthenticationOptions? tls, Credentials user, ByteString key)
    {
        _endpoint = endpoint;
        _tls = tls;
        _login = AuthSetup.Request(user).ToByteArray();
        _get = new RangeRequest { Key = key }.ToByteArray();
        _stream = new Http2Stream(this);
    }

    /// <summary>Null while the client is away.</summary>
    public Http2Connection? Connection { get; private set; }

    /// <summary>When it last connected, in Stopwatch ticks.</summary>
    public long StartedAt { get; private set; }

    /// <summary>The key was read.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether its place in the epoll set asks for writes.</summary>
    public bool WatchesWrites { get; set; }

    public void Connect()
    {
        StartedAt = Stopwatch.GetTimestamp();
        _isAuthenticated = IsDone = WatchesWrites = false;
        Connection = Http2Connection.Connect(_endpoint, _tls);
        Call(Methods.Authenticate, _login);
    }

    public void Disconnect()
    {
        Connection?.Dispose();
        Connection = null;
    }

    public void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message)
    {
        _isAnswered = true;
        if (!_isAuthenticated)
        {
            Connection!.UseToken(AuthSetup.TokenOf(message));
        }
        else if (ResponseReader.ReadRange(message).Kvs != 1)
        {
            throw new BenchmarkException("a get after a login found no key");
        }
    }

    public void OnClosed(Http2Stream stream, in ResponseHead head)
    {
        if (!head.IsOk || !_isAnswered)
        {
            throw new Http2Exception(head.ToString());
        }

        IsDone = _isAuthenticated;
        if (!_isAuthenticated)
        {
            _isAuthenticated = true;
            Call(Methods.Range, _get);
        }
    }

    public void Dispose() => Disconnect();

    private void Call(string path, byte[] request)
    {
        _isAnswered = false;
        Connection!.Start(_stream, path);
        Connection.SendMessage(_stream, request, endStream: true);
        Connection.Flush();
    }
}
