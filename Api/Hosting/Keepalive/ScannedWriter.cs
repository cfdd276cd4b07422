using System.IO.Pipelines;

namespace Krewe.Api.Hosting.Keepalive;

/// <summary>A connection's output, whose bytes are shown to <see cref="PingEnforcement"/>, and to which that may add its farewell.</summary>
internal sealed class ScannedWriter(PipeWriter inner, PingEnforcement enforcement) : PipeWriter
{
    private Memory<byte> _memory;
    private bool _saidGoodbye;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        enforcement.Sent(_memory.Span[..bytes]);
        _memory = _memory[bytes..];
        inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (enforcement.IsViolated && !_saidGoodbye)
        {
            _saidGoodbye = enforcement.TrySayGoodbye(inner);
        }

        return inner.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
