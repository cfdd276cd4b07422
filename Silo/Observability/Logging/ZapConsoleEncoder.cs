using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Krewe.Silo.Observability.Logging;

/// <summary>Tab separated time, level, caller and message, then the fields as one JSON object when there are any.</summary>
internal sealed class ZapConsoleEncoder : ILogEncoder
{
    public byte[] Encode(in LogRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var line = string.Join(
            '\t',
            ZapFormat.Timestamp(record.Timestamp),
            ZapFormat.Level(record.Level),
            record.Category,
            OneLine(LogFieldWriter.Cut(record.Message)));
        Encoding.UTF8.GetBytes(line, buffer);
        if (record.Fields.Count > 0 || record.Exception is not null)
        {
            buffer.Write("\t"u8);
            using var json = new Utf8JsonWriter(buffer, LogFieldWriter.WriterOptions);
            json.WriteStartObject();
            LogFieldWriter.WriteFields(json, record);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A message must not be able to look like another record.</summary>
    private static string OneLine(string message) =>
        message.AsSpan().IndexOfAny('\n', '\r') < 0
            ? message
            : message.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
