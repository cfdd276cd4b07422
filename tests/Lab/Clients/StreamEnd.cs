using Grpc.Core;

namespace Krewe.Lab.Clients;

/// <summary>How the end of a stream shows.</summary>
internal static class StreamEnd
{
    /// <summary>
    /// Whether an exception only says that the stream is over. Grpc.Net.Client lets the transport's own exception through when a
    /// message is written to a connection that has just broken.
    /// </summary>
    public static bool Is(Exception error) => error is RpcException or OperationCanceledException or InvalidOperationException or IOException;
}
