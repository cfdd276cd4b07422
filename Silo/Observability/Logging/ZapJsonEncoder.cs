using System.Buffers;
using System.Text.Json;

namespace Krewe.Silo.Observability.Logging;

/// <summary>One JSON object a line: level, ts, caller, msg, then the fields.</summary>
internal sealed class ZapJsonEncoder : ILogEncoder
{
    public byte[] Encode(in LogRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, LogFieldWriter.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("level", ZapFormat.Level(record.Level));
            json.WriteString("ts", ZapFormat.Timestamp(record.Timestamp));
            json.WriteString("caller", record.Category);
            json.WriteString("msg", LogFieldWriter.Cut(record.Message));
            LogFieldWriter.WriteFields(json, record);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
