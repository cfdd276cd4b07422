namespace Krewe.Api.Hosting.Keepalive;

/// <summary>The head of an HTTP/2 frame (RFC 9113, section 4.1).</summary>
/// <param name="Type">One of the constants here, or another one.</param>
/// <param name="Flags">Their meaning depends on the type.</param>
/// <param name="StreamId">0 for the connection.</param>
internal readonly record struct FrameHeader(byte Type, byte Flags, int StreamId)
{
    public const int Size = 9;
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Ping = 6;
    public const byte GoAway = 7;

    /// <summary>Of <see cref="Ping"/>: it answers one.</summary>
    public const byte Ack = 1;

    /// <summary>Of <see cref="Data"/> and <see cref="Headers"/>: the sender's last on this stream.</summary>
    public const byte EndStream = 1;
}
