using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Observability.Logging;

/// <summary>The logger of one category.</summary>
internal sealed class ZapLogger(string category, ILogEncoder encoder, LogWriter writer, TimeProvider time) : ILogger
{
    private const string TemplateName = "{OriginalFormat}";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // Encoded here and not in the background: the state may change once the caller goes on.
        var record = new LogRecord(time.GetUtcNow(), logLevel, category, formatter(state, exception), Fields(state), exception);
        writer.Write(encoder.Encode(record));
    }

    private static IReadOnlyList<KeyValuePair<string, object?>> Fields<TState>(TState state) =>
        state is IReadOnlyList<KeyValuePair<string, object?>> pairs ? [.. pairs.Where(pair => pair.Key != TemplateName)] : [];
}
