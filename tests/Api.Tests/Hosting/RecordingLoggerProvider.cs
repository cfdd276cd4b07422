using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Tests.Hosting;

/// <summary>Keeps what is logged at a level or above: warnings and worse unless told otherwise.</summary>
internal sealed class RecordingLoggerProvider(LogLevel level = LogLevel.Warning) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string[] Lines => [.. _lines];

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue(formatter(state, exception));
        }
    }

    public void Dispose()
    {
    }
}
