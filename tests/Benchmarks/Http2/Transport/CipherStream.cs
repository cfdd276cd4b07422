using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Krewe.Benchmarks.Http2.Transport;

/// <summary>
/// The socket as SslStream wants it. A read that finds nothing is finished by <see cref="OnReadable"/>, on the thread that calls it, so that TLS too
/// runs on the loop's thread alone. Writes never wait; what the socket does not take stays here.
/// </summary>
internal sealed class CipherStream(Socket socket) : Stream, IValueTaskSource<int>
{
    private readonly SendBuffer _unsent = new();
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _destination;
    private bool _isReading;
    private bool _isDrained;

    public bool HasUnsent => !_unsent.IsEmpty;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The socket may have bytes: finishes the read that waits for them, if one does.</summary>
    public void OnReadable()
    {
        _isDrained = false;
        if (!_isReading)
        {
            return;
        }

        var received = TryReceive(_destination.Span, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        _isReading = false;
        if (error == SocketError.Success)
        {
            _read.SetResult(received);
        }
        else
        {
            _read.SetException(Failure(error));
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var error = SocketError.WouldBlock;
        if (!_isDrained)
        {
            var received = TryReceive(buffer.Span, out error);
            if (error == SocketError.Success)
            {
                return new(received);
            }
        }

        if (error != SocketError.WouldBlock)
        {
            return ValueTask.FromException<int>(Failure(error));
        }

        _destination = buffer;
        _isReading = true;
        _read.Reset();
        return new(this, _read.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer.Span.CopyTo(_unsent.Append(buffer.Length));
        Flush();
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
        while (!_unsent.IsEmpty)
        {
            var sent = socket.Send(_unsent.Pending, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            if (error != SocketError.Success)
            {
                throw Failure(error);
            }

            _unsent.Consume(sent);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private static IOException Failure(SocketError error) => new($"the connection failed ({error})");

    private int TryReceive(Span<byte> destination, out SocketError error)
    {
        var received = socket.Receive(destination, SocketFlags.None, out error);

        // A short answer means that there is no more: the next read need not ask the kernel.
        _isDrained = error == SocketError.Success && received > 0 && received < destination.Length;
        return received;
    }
}
