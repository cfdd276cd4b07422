using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Observability.Logging;

/// <summary>How zap, as etcd 3.6 and later configure it, writes levels, times and field names.</summary>
internal static class ZapFormat
{
    /// <summary>zap's lower-case name of a level.</summary>
    public static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "info",
    };

    /// <summary>UTC with microseconds: 2026-01-02T15:04:05.000000Z.</summary>
    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The template name in etcd's spelling: MemberId becomes member-id, ClientURLs becomes client-urls.</summary>
    public static string FieldName(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || char.IsDigit(name[i - 1]));
            if (startsWord)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
