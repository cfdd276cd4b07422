namespace Krewe.Silo.Observability.Logging;

/// <summary>Turns a record into the bytes of one or more whole lines. Called from any thread.</summary>
internal interface ILogEncoder
{
    byte[] Encode(in LogRecord record);
}
