using System.Net;

namespace Krewe.Api.Hosting.Transport;

/// <summary>One of the two endpoints of a <see cref="SharedPort"/>, as Kestrel's options name it.</summary>
internal sealed class SharedPortEndPoint(SharedPort port, bool isHttp2) : EndPoint
{
    public SharedPort Port { get; } = port;

    public bool IsHttp2 { get; } = isHttp2;

    public override string ToString() => Port.Address.ToString() ?? "";
}
