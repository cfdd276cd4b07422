namespace Krewe.Api.Hosting.Transport;

/// <summary>What a connection's first bytes say.</summary>
internal enum SniffedProtocol
{
    /// <summary>It closed or stayed silent for too long.</summary>
    Nothing,
    Http1,
    Http2,

    /// <summary>A TLS record, which no text begins like.</summary>
    Tls,
}
