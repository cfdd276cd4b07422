namespace Krewe.Silo.Tests.Observability.Logging;

/// <summary>Refuses every write, as a full disk does.</summary>
internal sealed class FullDiskStream : MemoryStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
}
