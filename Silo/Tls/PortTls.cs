using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Tls;

/// <summary>
/// TLS of one port in both directions: what it shows and what it demands. Every handshake uses the files as they are at that
/// moment.
/// </summary>
internal sealed class PortTls
{
    private readonly string _port;
    private readonly PortTlsOptions _options;
    private readonly TlsOptions _protocol;
    private readonly TlsLog _log;
    private readonly TimeProvider _time;
    private readonly FileBacked<KeyPair>? _own;
    private readonly FileBacked<KeyPair>? _ownAsClient;
    private readonly FileBacked<TrustBundle>? _trusted;
    private readonly FileBacked<RevocationList>? _revoked;
    private readonly CipherSuitesPolicy? _ciphers;
    private readonly ContextCache _serverContext = new();
    private readonly ContextCache _clientContext = new();

    /// <summary>Reads all files; throws <see cref="InvalidDataException"/> with etcd's text if one of them is no good.</summary>
    /// <param name="port">What logs and metrics call it.</param>
    /// <param name="options">Its files; generated ones have been filled in.</param>
    /// <param name="protocol">Versions and cipher suites.</param>
    /// <param name="log">Hears of changed files and of refusals.</param>
    /// <param name="time">By which certificates expire.</param>
    public PortTls(string port, PortTlsOptions options, TlsOptions protocol, TlsLog log, TimeProvider time)
    {
        (_port, _options, _protocol, _log, _time) = (port, options, protocol, log, time);
        _own = Pair(options.CertFile, options.KeyFile, log);
        _ownAsClient = Pair(options.ClientCertFile, options.ClientKeyFile, log) ?? _own;
        _trusted = options.TrustedCaFile.Length == 0 ? null : new(new[] { options.TrustedCaFile }, files => TrustBundle.Parse(files[0]), log);
        _revoked = options.CrlFile.Length == 0 ? null : new(new[] { options.CrlFile }, files => RevocationList.Parse(files[0]), log);
        _ciphers = protocol.CipherSuites.Count == 0 ? null : Ciphers(protocol);
        _ = _own?.Current;
        _ = _ownAsClient?.Current;
        _ = _trusted?.Current;
    }

    /// <summary>Whether there is a certificate to show.</summary>
    public bool HasCertificate => _own is not null;

    /// <summary>Whether its certificate is one that nobody signed, so that the other side's can't be checked either.</summary>
    public bool IsSelfSigned => _options.AutoTls;

    /// <summary>The server name of every connection that is opened; empty to go by the address.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>
    /// The certificates that are shown now, each with a name for logs and metrics: that for whoever connects, and that for connections of one's
    /// own if it is another one. Throws <see cref="InvalidDataException"/>.
    /// </summary>
    public IEnumerable<(string Name, X509Certificate2 Certificate)> Certificates
    {
        get
        {
            if (_own is not null)
            {
                yield return (_port, _own.Current.Leaf);
            }

            if (_ownAsClient is not null && !ReferenceEquals(_ownAsClient, _own))
            {
                yield return ($"{_port}-client", _ownAsClient.Current.Leaf);
            }
        }
    }

    /// <summary>What the next connection that comes in is met with. Throws <see cref="InvalidDataException"/>.</summary>
    /// <param name="remote">Who connects, for the log.</param>
    /// <param name="requiresClient">Whether to demand a certificate; by default as the options say.</param>
    public SslServerAuthenticationOptions ServerOptions(EndPoint? remote, bool? requiresClient = null)
    {
        var own = (_own ?? throw new InvalidDataException("KeyFile and CertFile are not presented")).Current;
        var trusted = _trusted?.Current;
        var required = requiresClient ?? _options.RequiresClientCertificate;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _serverContext.Get(own, required ? trusted : null),
            EnabledSslProtocols = _protocol.Protocols,
            CipherSuitesPolicy = _ciphers,
            ClientCertificateRequired = required,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = required ? OfflinePolicy() : null,

            // A resumed session would bring its certificate without the intermediates that belong to it.
            AllowTlsResume = !required,
            RemoteCertificateValidationCallback = required
                ? (_, certificate, chain, _) => Report(JudgeClient(certificate, chain, trusted), remote)
                : null,
        };
    }

    /// <summary>How the next connection is opened. Throws <see cref="InvalidDataException"/>.</summary>
    /// <param name="host">The host that is dialled.</param>
    /// <param name="otherHosts">Further names that the other side's certificate may have instead.</param>
    public SslClientAuthenticationOptions ClientOptions(string host, IEnumerable<string>? otherHosts = null)
    {
        var own = _ownAsClient?.Current;
        var trusted = _trusted?.Current;
        var target = ServerName.Length > 0 ? ServerName : host;
        return new SslClientAuthenticationOptions
        {
            TargetHost = target,
            ClientCertificateContext = own is null ? null : _clientContext.Get(own, null),
            EnabledSslProtocols = _protocol.Protocols,
            CipherSuitesPolicy = _ciphers,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = OfflinePolicy(),
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                IsSelfSigned || Report(JudgeServer(certificate, chain, trusted, [target, .. otherHosts ?? []]), new DnsEndPoint(host, 0)),
        };
    }

    /// <summary>
    /// The checks of a client that come after the handshake where etcd makes them: its address against its certificate. Null if all is well.
    /// </summary>
    public async ValueTask<string?> CheckAddressAsync(
        X509Certificate? certificate, EndPoint? remote, IHostNames hosts, CancellationToken cancellationToken)
    {
        if (_options.SkipClientSanVerification || certificate is not X509Certificate2 client || remote is not IPEndPoint address)
        {
            return null;
        }

        var error = await AddressCheck.CheckAsync(client, address.Address, hosts, cancellationToken).ConfigureAwait(false);
        Report(error, remote);
        return error;
    }

    private static FileBacked<KeyPair>? Pair(string certFile, string keyFile, TlsLog log) => certFile.Length == 0
        ? null
        : new([certFile, keyFile], files => KeyPair.Parse(files[0], files[1]), log);

    private static CipherSuitesPolicy Ciphers(TlsOptions protocol)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new InvalidDataException("--cipher-suites is not supported on Windows");
        }

        var suites = protocol.CipherSuites.Select(name => CipherSuiteNames.TryFind(name, out var suite) ? suite : default);
        return new CipherSuitesPolicy(
            protocol.Protocols.HasFlag(SslProtocols.Tls13) ? suites.Concat(CipherSuiteNames.Tls13).Distinct() : suites.Except(CipherSuiteNames.Tls13));
    }

    /// <summary>The runtime builds a path of its own before it asks; it shall not go to the network for that.</summary>
    private static X509ChainPolicy OfflinePolicy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    private bool Report(string? error, EndPoint? remote)
    {
        if (error is null)
        {
            return true;
        }

        _log.Refused(_port, remote?.ToString() ?? "?", error);
        return false;
    }

    private string? JudgeClient(X509Certificate? certificate, X509Chain? chain, TrustBundle? trusted)
    {
        if (certificate is not X509Certificate2 client)
        {
            return "tls: client didn't provide a certificate";
        }

        var sent = chain?.ChainPolicy.ExtraStore ?? [];
        return ChainVerifier.Verify(client, sent, trusted, ChainVerifier.ClientAuthOid, _time.GetUtcNow())
            ?? CheckAllowed(client)
            ?? CheckRevoked(client, sent);
    }

    private string? JudgeServer(X509Certificate? certificate, X509Chain? chain, TrustBundle? trusted, IReadOnlyList<string> hosts)
    {
        if (certificate is not X509Certificate2 server)
        {
            return "tls: server didn't provide a certificate";
        }

        return ChainVerifier.Verify(server, chain?.ChainPolicy.ExtraStore ?? [], trusted, ChainVerifier.ServerAuthOid, _time.GetUtcNow())
            ?? (hosts.Any(host => SubjectNames.IsValidFor(server, host)) ? null : $"x509: certificate is not valid for {string.Join(", ", hosts)}")
            ?? CheckAllowed(server);
    }

    private string? CheckAllowed(X509Certificate2 certificate)
    {
        var isAllowed = (_options.AllowedCommonNames.Count == 0 || _options.AllowedCommonNames.Contains(SubjectNames.CommonNameOf(certificate)))
            && (_options.AllowedHostnames.Count == 0 || _options.AllowedHostnames.Any(name => SubjectNames.IsValidFor(certificate, name)));
        return isAllowed ? null : "client certificate authentication failed";
    }

    /// <summary>Everything that was sent is looked up, intermediates included. Without a readable list nobody comes in.</summary>
    private string? CheckRevoked(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        if (_revoked is null)
        {
            return null;
        }

        try
        {
            var list = _revoked.Current;
            return sent.Prepend(certificate).FirstOrDefault(list.IsRevoked) is { } revoked
                ? $"transport: certificate serial {revoked.SerialNumber.ToLowerInvariant()} revoked"
                : null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }
}
