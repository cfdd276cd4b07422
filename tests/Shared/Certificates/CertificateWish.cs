using System.Security.Cryptography.X509Certificates;

namespace Krewe.Testing.Certificates;

/// <summary>What a certificate shall say; by default a good one for this machine's loopback address and for both sides.</summary>
internal sealed record CertificateWish
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public string CommonName { get; init; } = "test";

    public IReadOnlyList<string> DnsNames { get; init; } = ["localhost"];

    public IReadOnlyList<string> Addresses { get; init; } = ["127.0.0.1"];

    /// <summary>Extended key usages; none for no such extension.</summary>
    public IReadOnlyList<string> ExtendedUsages { get; init; } = [ServerAuth, ClientAuth];

    public X509KeyUsageFlags KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;

    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.UtcNow.AddDays(-1);

    public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.UtcNow.AddDays(1);

    public KeyKind Key { get; init; } = KeyKind.Ecdsa;
}
