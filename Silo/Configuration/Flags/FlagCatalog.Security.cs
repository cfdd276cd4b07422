namespace Krewe.Silo.Configuration.Flags;

internal static partial class FlagCatalog
{
    private static IEnumerable<FlagDefinition> Security()
    {
        yield return Tls("cert-file", FlagKind.Text, "", "File of the server certificate for clients");
        yield return Tls("key-file", FlagKind.Text, "", "File of the key of --cert-file");
        yield return Tls("client-cert-auth", FlagKind.Boolean, "false", "Require a certificate of every client");
        yield return Tls("client-cert-file", FlagKind.Text, "", "File of the certificate that the server shows when it is the client");
        yield return Tls("client-key-file", FlagKind.Text, "", "File of the key of --client-cert-file");
        yield return Tls("client-crl-file", FlagKind.Text, "", "File with revoked client certificates");
        yield return Tls("client-cert-allowed-hostname", FlagKind.TextList, "", "Names of which a client certificate must carry one");
        yield return Tls("trusted-ca-file", FlagKind.Text, "", "File of the CA certificates that sign client certificates");
        yield return Tls("auto-tls", FlagKind.Boolean, "false", "Generate a self-signed certificate for the client port");
        yield return Tls("peer-cert-file", FlagKind.Text, "", "File of the server certificate for peers");
        yield return Tls("peer-key-file", FlagKind.Text, "", "File of the key of --peer-cert-file");
        yield return Tls("peer-client-cert-auth", FlagKind.Boolean, "false", "Require a certificate of every peer");
        yield return Tls("peer-client-cert-file", FlagKind.Text, "", "File of the certificate for connections to peers");
        yield return Tls("peer-client-key-file", FlagKind.Text, "", "File of the key of --peer-client-cert-file");
        yield return Tls("peer-trusted-ca-file", FlagKind.Text, "", "File of the CA certificates that sign peer certificates");
        yield return Tls("peer-cert-allowed-cn", FlagKind.TextList, "", "Common names of which a peer certificate must carry one");
        yield return Tls("peer-cert-allowed-hostname", FlagKind.TextList, "", "Names of which a peer certificate must carry one");
        yield return Tls("peer-auto-tls", FlagKind.Boolean, "false", "Generate a self-signed certificate for the peer port");
        yield return Tls("self-signed-cert-validity", FlagKind.UnsignedInteger, "1", "Years for which generated certificates are valid");
        yield return Tls("peer-crl-file", FlagKind.Text, "", "File with revoked peer certificates");
        yield return Tls(
            "peer-skip-client-san-verification", FlagKind.Boolean, "false",
            "Do not compare a peer's address with its certificate");
        yield return Tls("cipher-suites", FlagKind.TextList, "", "Cipher suites allowed with TLS 1.2");
        yield return Tls("tls-min-version", FlagKind.Text, "TLS1.2", "Lowest TLS version").OneOf("", "TLS1.2", "TLS1.3");
        yield return Tls(
            "tls-max-version", FlagKind.Text, "",
            "Highest TLS version; empty means the runtime's highest")
            .OneOf("", "TLS1.2", "TLS1.3");
        yield return new FlagDefinition(
            "cors", FlagKind.UrlsOrAll, "*", FlagGroup.Security,
            "Origins that browsers may call from");
        yield return new FlagDefinition(
            "host-whitelist", FlagKind.TextList, "*", FlagGroup.Security,
            "Host names accepted on plain HTTP");
    }

    private static IEnumerable<FlagDefinition> Auth()
    {
        const FlagGroup group = FlagGroup.Auth;
        yield return new FlagDefinition(
            "auth-token", FlagKind.Text, "simple", group,
            "Kind of token: simple, or jwt with its options");
        yield return new FlagDefinition(
            "bcrypt-cost", FlagKind.UnsignedInteger, "10", group,
            "Cost of the bcrypt hashes of passwords");
        yield return new FlagDefinition(
            "auth-token-ttl", FlagKind.UnsignedInteger, "300", group,
            "Seconds that an unused simple token lives");
    }

    private static FlagDefinition Tls(string name, FlagKind kind, string defaultValue, string help) =>
        new FlagDefinition(name, kind, defaultValue, FlagGroup.Security, help);
}
