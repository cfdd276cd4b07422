using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Silo.Tls;

/// <summary>The certificate of <c>--auto-tls</c>: made once and kept in the data directory, like etcd's.</summary>
internal static class SelfSignedCertificate
{
    private const int DaysPerYear = 365;

    /// <summary>Certificates can't be valid beyond the year 9999.</summary>
    private const uint MaxYears = 7_000;

    /// <summary>The two files, made if one of them is missing. Throws <see cref="IOException"/> if they can't be written.</summary>
    public static (string CertFile, string KeyFile) Ensure(string directory, IEnumerable<string> hosts, uint validityYears, TimeProvider time)
    {
        var files = (CertFile: Path.GetFullPath(Path.Combine(directory, "cert.pem")), KeyFile: Path.GetFullPath(Path.Combine(directory, "key.pem")));
        if (!File.Exists(files.CertFile) || !File.Exists(files.KeyFile))
        {
            Directory.CreateDirectory(directory);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
            using var certificate = Create(key, hosts, validityYears, time.GetUtcNow());
            Write(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
            Write(files.CertFile, certificate.ExportCertificatePem());
        }

        return files;
    }

    private static X509Certificate2 Create(ECDsa key, IEnumerable<string> hosts, uint validityYears, DateTimeOffset now)
    {
        var request = new CertificateRequest("O=krewe", key, HashAlgorithmName.SHA512);
        const X509KeyUsageFlags usage = X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ChainVerifier.ServerAuthOid)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts.Distinct())
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(now, now + TimeSpan.FromDays((double)DaysPerYear * Math.Min(validityYears, MaxYears)));
    }

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new StreamWriter(path, options);
        file.Write(text);
    }
}
