namespace Krewe.Api.Grpc;

/// <summary>
/// Who the verified certificate says that a client is. A feature of its connection, which requests inherit; absent where no client
/// certificate was asked for. Calls that come through the JSON gateway never have it (behaviour 231).
/// </summary>
internal interface IClientCertificateIdentity
{
    /// <summary>The common name of the certificate's subject; empty if it has none.</summary>
    string CommonName { get; }
}
