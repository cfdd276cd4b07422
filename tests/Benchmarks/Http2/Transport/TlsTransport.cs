using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Krewe.Benchmarks.Http2.Transport;

/// <summary>TLS with ALPN h2, all on the loop's thread.</summary>
internal sealed class TlsTransport : ITransport
{
    private const int BufferBytes = 16 * 1024;
    private const int SendBytes = 4 * BufferBytes;

    private readonly Socket _socket;
    private readonly CipherStream _cipher;
    private readonly SslStream _tls;
    private readonly Task _handshake;
    private readonly byte[] _received = new byte[BufferBytes];
    private readonly byte[] _sending = new byte[SendBytes];
    private Task<int>? _read;
    private bool _isChecked;

    public TlsTransport(Socket socket, SslClientAuthenticationOptions options)
    {
        _socket = socket;
        _cipher = new CipherStream(socket);
        _tls = new SslStream(_cipher);
        _handshake = _tls.AuthenticateAsClientAsync(options);
    }

    public Socket Socket => _socket;

    public bool IsOpen => _handshake.IsCompletedSuccessfully;

    public bool HasUnsent => _cipher.HasUnsent;

    public bool MayHaveMore => true;

    public string Security => $"{_tls.SslProtocol}, {_tls.NegotiatedCipherSuite}";

    public int Receive(Span<byte> destination)
    {
        try
        {
            _cipher.OnReadable();
            return EndHandshake() ? ReceivePlain(destination) : ITransport.NotNow;
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            throw new Http2Exception($"TLS failed: {error.Message} {error.InnerException?.Message}");
        }
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsOpen || HasUnsent)
        {
            return 0;
        }

        var count = Math.Min(bytes.Length, SendBytes);
        bytes[..count].CopyTo(_sending);
        try
        {
            var written = _tls.WriteAsync(_sending.AsMemory(0, count)).AsTask();
            if (!written.IsCompleted)
            {
                throw new Http2Exception("TLS did not take what was written");
            }

            written.GetAwaiter().GetResult();
            return count;
        }
        catch (IOException error)
        {
            throw new Http2Exception($"sending failed: {error.Message}");
        }
    }

    public void Flush()
    {
        try
        {
            _cipher.Flush();
        }
        catch (IOException error)
        {
            throw new Http2Exception($"sending failed: {error.Message}");
        }
    }

    public void Dispose()
    {
        _tls.Dispose();
        _socket.Dispose();
    }

    private bool EndHandshake()
    {
        if (!_handshake.IsCompleted)
        {
            return false;
        }

        if (!_isChecked)
        {
            _handshake.GetAwaiter().GetResult();
            _isChecked = _tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2
                ? true
                : throw new Http2Exception("the server did not choose h2");
        }

        return true;
    }

    private int ReceivePlain(Span<byte> destination)
    {
        _read ??= _tls.ReadAsync(_received).AsTask();
        if (!_read.IsCompleted)
        {
            return ITransport.NotNow;
        }

        var count = _read.GetAwaiter().GetResult();
        _read = null;
        _received.AsSpan(0, count).CopyTo(destination);
        return count;
    }
}
