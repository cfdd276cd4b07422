namespace Krewe.Silo.Peers;

/// <summary>The bounds of talking to peers.</summary>
internal sealed record PeerLimits
{
    /// <summary>Longest frame that is accepted or sent, in bytes without its header.</summary>
    public int MaxFrameBytes { get; init; } = 64 << 20;

    /// <summary>Messages that wait to be sent in one lane; more are dropped, which Raft takes for loss.</summary>
    public int MaxQueuedMessages { get; init; } = 4_096;

    /// <summary>Payload that waits to be sent in one lane.</summary>
    public long MaxQueuedBytes { get; init; } = 64 << 20;

    /// <summary>Bytes after which a batch is written although more is queued.</summary>
    public int MaxBatchBytes { get; init; } = 256 << 10;

    /// <summary>Batches that a thread which only wanted to send a message writes one after another.</summary>
    public int MaxBatchesInRow { get; init; } = 4;

    /// <summary>Connections that are served at once, handshakes included.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Longest head of an HTTP request.</summary>
    public int MaxHttpHeadBytes { get; init; } = 8 << 10;

    /// <summary>How long connecting and the handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a write may make no progress before the connection is given up.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan MinReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Forwarded proposals that wait for an answer at once.</summary>
    public int MaxForwarded { get; init; } = 1_024;

    /// <summary>How long a forwarded proposal waits for one attempt's answer.</summary>
    public TimeSpan ForwardTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
