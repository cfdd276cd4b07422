using System.Buffers;
using System.IO.Pipelines;
using Krewe.Api.Grpc;

namespace Krewe.Api.Relay;

/// <summary>Takes the one response of an RPC into memory. What bounds it is what bounds any response.</summary>
internal sealed class FrameBuffer : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The response without its prefix; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Payload => _buffer.WrittenCount > GrpcPrefix.Bytes ? _buffer.WrittenMemory[GrpcPrefix.Bytes..] : default;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => 0;

    public override void Advance(int bytes) => _buffer.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(default(FlushResult));

    public override void CancelPendingFlush()
    {
        // Nothing waits.
    }

    public override void Complete(Exception? exception = null)
    {
        // Nobody reads along.
    }
}
