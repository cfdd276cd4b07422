namespace Krewe.Benchmarks.Http2;

/// <summary>The peer broke HTTP/2, HPACK or gRPC framing, or closed the connection.</summary>
internal sealed class Http2Exception(string message) : Exception(message);
