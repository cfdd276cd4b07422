namespace Krewe.Silo.Tests.Observability.Logging;

/// <summary>Keeps what is written; each write waits until the gate is open.</summary>
internal sealed class GatedStream(bool open) : MemoryStream
{
    private readonly ManualResetEventSlim _gate = new(open);
    private readonly ManualResetEventSlim _entered = new(false);

    /// <summary>Blocks until the first write has arrived.</summary>
    public void WaitForWriter() => Assert.True(_entered.Wait(TimeSpan.FromSeconds(30)), "nothing was written");

    public void Open() => _gate.Set();

    public string[] Lines => System.Text.Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _entered.Set();
        _gate.Wait();
        base.Write(buffer);
    }
}
