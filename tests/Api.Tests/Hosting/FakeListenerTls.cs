using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Krewe.Api.Hosting;

namespace Krewe.Api.Tests.Hosting;

/// <summary>TLS with one certificate that nobody signed, which takes any certificate of a client.</summary>
internal sealed class FakeListenerTls : IListenerTls
{
    private readonly X509Certificate2 _own = Make("server");

    public bool Admits { get; set; } = true;

    public static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>How a client with this certificate connects.</summary>
    public SslClientAuthenticationOptions Connect(X509Certificate2? certificate) => new()
    {
        ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        RemoteCertificateValidationCallback = (_, server, _, _) => server!.GetCertHashString() == _own.GetCertHashString(),
    };

    public SslServerAuthenticationOptions OptionsFor(EndPoint? remote) => new()
    {
        ServerCertificate = _own,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, _, _, _) => remote is not null,
    };

    public ValueTask<bool> AdmitAsync(X509Certificate2 certificate, EndPoint? remote, CancellationToken cancellationToken) => ValueTask.FromResult(Admits);

    public string CommonNameOf(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
}
