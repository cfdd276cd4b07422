using Krewe.Silo.Configuration.Options;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Observability.Logging;

/// <summary>Logs as etcd does, in zap's JSON or console format. Disposing it writes what is queued.</summary>
[ProviderAlias("Zap")]
internal sealed class ZapLoggerProvider : ILoggerProvider
{
    private readonly ILogEncoder _encoder;
    private readonly LogWriter _writer;
    private readonly TimeProvider _time;

    public ZapLoggerProvider(LogFormat format, IReadOnlyList<Stream> outputs, TimeProvider time)
    {
        _encoder = format == LogFormat.Console ? new ZapConsoleEncoder() : new ZapJsonEncoder();
        _writer = new LogWriter(outputs, _encoder, time);
        _time = time;
    }

    /// <summary>Records lost so far.</summary>
    public long DroppedRecords => _writer.DroppedRecords;

    public ILogger CreateLogger(string categoryName) => new ZapLogger(categoryName, _encoder, _writer, _time);

    public void Dispose() => _writer.Dispose();
}
