namespace Krewe.Api.Grpc;

/// <summary>The identity that one TLS connection has for as long as it lives.</summary>
internal sealed record ClientCertificateIdentity(string CommonName) : IClientCertificateIdentity;
