using System.Net;

namespace Krewe.Api.Hosting.Transport;

/// <summary>One of the endpoints of a <see cref="SharedPort"/>, as Kestrel's options name it.</summary>
internal sealed class SharedPortEndPoint(SharedPort port, SniffedProtocol protocol) : EndPoint
{
    public SharedPort Port { get; } = port;

    public SniffedProtocol Protocol { get; } = protocol;

    public override string ToString() => Port.Address.ToString() ?? "";
}
