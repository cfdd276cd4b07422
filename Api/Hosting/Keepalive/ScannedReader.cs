using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Krewe.Api.Hosting.Keepalive;

/// <summary>A connection's input, whose bytes are shown to <see cref="PingEnforcement"/> once each, and which ends when that says so.</summary>
internal sealed class ScannedReader(PipeReader inner, PingEnforcement enforcement) : PipeReader
{
    private ReadOnlySequence<byte> _buffer;
    private long _scanned;
    private bool _hasEnded;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (enforcement.IsViolated)
        {
            return new ValueTask<ReadResult>(End());
        }

        var reading = inner.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Scan(reading.Result)) : ScanAsync(reading);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (enforcement.IsViolated)
        {
            result = End();
            return true;
        }

        if (!inner.TryRead(out result))
        {
            return false;
        }

        result = Scan(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_hasEnded)
        {
            return;
        }

        _scanned -= _buffer.Slice(0, consumed).Length;
        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ScanAsync(ValueTask<ReadResult> reading) => Scan(await reading.ConfigureAwait(false));

    private ReadResult Scan(in ReadResult read)
    {
        _buffer = read.Buffer;
        foreach (var segment in _buffer.Slice(_scanned))
        {
            enforcement.Received(segment.Span);
        }

        _scanned = _buffer.Length;
        return read;
    }

    /// <summary>What the client sends after a violation is not read any more.</summary>
    private ReadResult End()
    {
        _hasEnded = true;
        return new ReadResult(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);
    }
}
