namespace Krewe.Silo.Configuration.Options;

/// <summary><c>--log-format</c>.</summary>
public enum LogFormat
{
    /// <summary>One JSON object a line, with zap's keys.</summary>
    Json,

    /// <summary>Tab separated columns, then the fields as JSON, as zap's console encoder writes them.</summary>
    Console,
}
