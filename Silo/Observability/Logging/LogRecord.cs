using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Observability.Logging;

/// <summary>One log record before it is encoded.</summary>
/// <param name="Timestamp">When it was logged.</param>
/// <param name="Level">Its level.</param>
/// <param name="Category">The category of its logger, usually the name of a type.</param>
/// <param name="Message">The message with its values filled in.</param>
/// <param name="Fields">The named values of the message template.</param>
/// <param name="Exception">The exception logged with it, if any.</param>
internal readonly record struct LogRecord(
    DateTimeOffset Timestamp,
    LogLevel Level,
    string Category,
    string Message,
    IReadOnlyList<KeyValuePair<string, object?>> Fields,
    Exception? Exception);
