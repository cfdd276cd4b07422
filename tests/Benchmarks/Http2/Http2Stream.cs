namespace Krewe.Benchmarks.Http2;

/// <summary>One gRPC call at a time on a connection; reused for call after call.</summary>
internal sealed class Http2Stream(IStreamHandler handler)
{
    // A field, not a property: the decoder writes into it.
    public ResponseHead Head = new();

    public IStreamHandler Handler { get; } = handler;

    public MessageAssembler Messages { get; } = new();

    /// <summary>0 while no call is open.</summary>
    public int Id { get; private set; }

    /// <summary>Bytes the server still lets this stream send.</summary>
    public int SendWindow { get; set; }

    /// <summary>Bytes received since the last window update.</summary>
    public int Unacknowledged { get; set; }

    /// <summary>Bytes that wait for a window, as whole gRPC frames.</summary>
    public byte[] Unsent { get; set; } = [];

    public bool EndsAfterUnsent { get; set; }

    public void Open(int id, int sendWindow)
    {
        Id = id;
        SendWindow = sendWindow;
        Unacknowledged = 0;
        Unsent = [];
        Head.Reset();
        Messages.Reset();
    }

    public void Close() => Id = 0;
}
