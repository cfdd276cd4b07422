namespace Krewe.Benchmarks.Http2;

/// <summary>The caller's side of one gRPC call. All calls come from the connection's loop thread.</summary>
internal interface IStreamHandler
{
    /// <param name="message">Valid during the call only.</param>
    void OnMessage(Http2Stream stream, ReadOnlySpan<byte> message);

    /// <summary>The call ended, well or badly; the stream may be started again from here.</summary>
    void OnClosed(Http2Stream stream, in ResponseHead head);
}
