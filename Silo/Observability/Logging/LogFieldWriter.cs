using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Observability.Logging;

/// <summary>Writes the fields of a record as JSON properties.</summary>
internal static class LogFieldWriter
{
    /// <summary>Longer texts are cut, so that one record cannot fill the memory or the disk.</summary>
    public const int MaxTextCharacters = 16 * 1024;

    private const int MaxListItems = 256;

    /// <summary>The escaping of zap: only what JSON demands, so that other languages stay readable.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static void WriteFields(Utf8JsonWriter json, in LogRecord record)
    {
        foreach (var (name, value) in record.Fields)
        {
            json.WritePropertyName(ZapFormat.FieldName(name));
            WriteValue(json, value);
        }

        if (record.Exception is { } exception)
        {
            json.WriteString("error", Cut(exception.Message));
            json.WriteString("stacktrace", Cut(exception.ToString()));
        }
    }

    /// <summary>The text, cut to <see cref="MaxTextCharacters"/>.</summary>
    public static string Cut(string text) => text.Length <= MaxTextCharacters ? text : text[..MaxTextCharacters] + "…";

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool boolean:
                json.WriteBooleanValue(boolean);
                break;
            case string text:
                json.WriteStringValue(Cut(text));
                break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or decimal:
                json.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case TimeSpan duration:
                json.WriteStringValue(GoDuration.Format(duration));
                break;
            case IEnumerable list:
                WriteList(json, list);
                break;
            default:
                json.WriteStringValue(Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable list)
    {
        json.WriteStartArray();
        var written = 0;
        foreach (var item in list)
        {
            if (written++ == MaxListItems)
            {
                json.WriteStringValue("…");
                break;
            }

            WriteValue(json, item);
        }

        json.WriteEndArray();
    }
}
