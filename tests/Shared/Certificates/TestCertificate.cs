using System.Security.Cryptography.X509Certificates;

namespace Krewe.Testing.Certificates;

/// <summary>A certificate that a test made.</summary>
/// <param name="Certificate">With its key.</param>
/// <param name="CertificatePem">The certificate, and the intermediates that sign it.</param>
/// <param name="KeyPem">The key, as PKCS 8.</param>
internal sealed record TestCertificate(X509Certificate2 Certificate, string CertificatePem, string KeyPem)
{
    /// <summary>Writes NAME.crt and NAME.key.</summary>
    public (string CertFile, string KeyFile) Write(string folder, string name)
    {
        var files = (Path.Combine(folder, $"{name}.crt"), Path.Combine(folder, $"{name}.key"));
        File.WriteAllText(files.Item1, CertificatePem);
        File.WriteAllText(files.Item2, KeyPem);
        return files;
    }
}
