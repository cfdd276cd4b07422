using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>Collects the flags of TLS.</summary>
internal static class TlsOptionsBuilder
{
    public static TlsOptions Build(FlagValues values) => new()
    {
        Client = new PortTlsOptions
        {
            CertFile = values.Text("cert-file"),
            KeyFile = values.Text("key-file"),
            ClientCertFile = values.Text("client-cert-file"),
            ClientKeyFile = values.Text("client-key-file"),
            TrustedCaFile = values.Text("trusted-ca-file"),
            CrlFile = values.Text("client-crl-file"),
            ClientCertAuth = values.Boolean("client-cert-auth"),
            AutoTls = values.Boolean("auto-tls"),
            AllowedCommonNames = values.List("client-cert-allowed-cn"),
            AllowedHostnames = values.List("client-cert-allowed-hostname"),
        },
        Peer = new PortTlsOptions
        {
            CertFile = values.Text("peer-cert-file"),
            KeyFile = values.Text("peer-key-file"),
            ClientCertFile = values.Text("peer-client-cert-file"),
            ClientKeyFile = values.Text("peer-client-key-file"),
            TrustedCaFile = values.Text("peer-trusted-ca-file"),
            CrlFile = values.Text("peer-crl-file"),
            ClientCertAuth = values.Boolean("peer-client-cert-auth"),
            AutoTls = values.Boolean("peer-auto-tls"),
            AllowedCommonNames = values.List("peer-cert-allowed-cn"),
            AllowedHostnames = values.List("peer-cert-allowed-hostname"),
            SkipClientSanVerification = values.Boolean("peer-skip-client-san-verification"),
        },
        CipherSuites = values.List("cipher-suites"),
        MinVersion = values.Text("tls-min-version"),
        MaxVersion = values.Text("tls-max-version"),
        SelfSignedCertValidityYears = Validity(values),
    };

    /// <summary>A 0 in the configuration file means the default there, but nowhere else (etcd's rule).</summary>
    private static uint Validity(FlagValues values)
    {
        var years = values.UnsignedInteger("self-signed-cert-validity");
        return years == 0 && values.SourceOf("self-signed-cert-validity") == FlagSource.ConfigFile ? 1 : years;
    }
}
