namespace Krewe.Silo.Configuration.Options;

/// <summary>The certificates of one port: the flags of clients (<c>--cert-file</c> …) or of peers (<c>--peer-cert-file</c> …).</summary>
public sealed record PortTlsOptions
{
    /// <summary>PEM file of the certificate that the port shows, with its intermediates; empty for none.</summary>
    public string CertFile { get; init; } = "";

    /// <summary>PEM file of the key of <see cref="CertFile"/>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>PEM file of the certificate for connections that this member opens; empty for <see cref="CertFile"/>.</summary>
    public string ClientCertFile { get; init; } = "";

    /// <summary>PEM file of the key of <see cref="ClientCertFile"/>.</summary>
    public string ClientKeyFile { get; init; } = "";

    /// <summary>PEM file of the authorities that certificates of others must chain to; empty for those of the operating system.</summary>
    public string TrustedCaFile { get; init; } = "";

    /// <summary>File of a revocation list, DER or PEM; empty for none.</summary>
    public string CrlFile { get; init; } = "";

    /// <summary><c>--client-cert-auth</c> or <c>--peer-client-cert-auth</c>.</summary>
    public bool ClientCertAuth { get; init; }

    /// <summary><c>--auto-tls</c> or <c>--peer-auto-tls</c>.</summary>
    public bool AutoTls { get; init; }

    /// <summary>Common names of which a certificate must have one; empty for any.</summary>
    public IReadOnlyList<string> AllowedCommonNames { get; init; } = [];

    /// <summary>Names of which a certificate must be valid for one; empty for any.</summary>
    public IReadOnlyList<string> AllowedHostnames { get; init; } = [];

    /// <summary><c>--peer-skip-client-san-verification</c>.</summary>
    public bool SkipClientSanVerification { get; init; }

    /// <summary>Whether neither certificate nor key is named.</summary>
    public bool HasNoFiles => CertFile.Length == 0 && KeyFile.Length == 0;

    /// <summary>Whether there is a certificate to listen with.</summary>
    public bool CanListen => AutoTls || !HasNoFiles;

    /// <summary>Whether whoever connects must show a certificate: asked for, or implied by a CA file, as in etcd.</summary>
    public bool RequiresClientCertificate => ClientCertAuth || TrustedCaFile.Length > 0;

    /// <summary>What is wrong with the files that are named together, or null; etcd's texts.</summary>
    public string? Validate()
    {
        if (!HasNoFiles && (CertFile.Length == 0 || KeyFile.Length == 0))
        {
            return $"KeyFile and CertFile must both be present[key: {KeyFile}, cert: {CertFile}]";
        }

        if ((ClientCertFile.Length == 0) != (ClientKeyFile.Length == 0))
        {
            return $"ClientKeyFile and ClientCertFile must both be present or both absent: key: {ClientKeyFile}, cert: {ClientCertFile}]";
        }

        return AllowedCommonNames.Count > 0 && AllowedHostnames.Count > 0
            ? $"AllowedCNs and AllowedHostnames are mutually exclusive (cns=[{Quote(AllowedCommonNames)}], hostnames=[{Quote(AllowedHostnames)}])"
            : null;
    }

    private static string Quote(IEnumerable<string> names) => string.Join(' ', names.Select(name => $"\"{name}\""));
}
