using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Observability.Logging;

/// <summary>
/// Writes encoded records in the background, so that a slow disk or terminal never holds up the server. When the queue is
/// full, records are dropped; their number is logged as soon as there is room again.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>Records that wait at most.</summary>
    public const int QueueBoundRecords = 8192;

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueueBoundRecords) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly IReadOnlyList<Stream> _outputs;
    private readonly ILogEncoder _encoder;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private long _droppedRecords;
    private long _unreportedRecords;

    /// <param name="outputs">Where records go; owned by the writer from now on.</param>
    /// <param name="encoder">Encodes the report of dropped records.</param>
    /// <param name="time">Gives that report its time.</param>
    public LogWriter(IReadOnlyList<Stream> outputs, ILogEncoder encoder, TimeProvider time)
    {
        _outputs = outputs;
        _encoder = encoder;
        _time = time;
        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Records lost so far: the queue was full, or an output refused them.</summary>
    public long DroppedRecords => Interlocked.Read(ref _droppedRecords);

    /// <summary>Queues one encoded record; never waits.</summary>
    public void Write(byte[] encoded)
    {
        if (!_queue.Writer.TryWrite(encoded))
        {
            CountDropped();
        }
    }

    /// <summary>Writes what is queued, for a bounded time, and closes the outputs.</summary>
    public void Dispose()
    {
        if (_queue.Writer.TryComplete() && _writing.Wait(FlushTimeout))
        {
            foreach (var output in _outputs)
            {
                output.Dispose();
            }
        }
    }

    private void WriteAll()
    {
        var reader = _queue.Reader;

        // A thread of its own that blocks: logging must work when the thread pool is starved, for then it is needed most.
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out var encoded))
            {
                WriteToOutputs(encoded);
                ReportDropped();
            }

            Flush();
        }
    }

    private void ReportDropped()
    {
        var dropped = Interlocked.Exchange(ref _unreportedRecords, 0);
        if (dropped > 0)
        {
            WriteToOutputs(_encoder.Encode(new LogRecord(
                _time.GetUtcNow(),
                LogLevel.Warning,
                typeof(LogWriter).FullName!,
                "log records were dropped",
                [new("DroppedRecords", dropped)],
                null)));
        }
    }

    private void WriteToOutputs(byte[] encoded)
    {
        foreach (var output in _outputs)
        {
            try
            {
                output.Write(encoded);
            }
            catch (IOException)
            {
                // A full disk or a closed pipe must not stop the server.
                CountDropped();
            }
        }
    }

    private void Flush()
    {
        foreach (var output in _outputs)
        {
            try
            {
                output.Flush();
            }
            catch (IOException)
            {
                CountDropped();
            }
        }
    }

    private void CountDropped()
    {
        Interlocked.Increment(ref _droppedRecords);
        Interlocked.Increment(ref _unreportedRecords);
    }
}
