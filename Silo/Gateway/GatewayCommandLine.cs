using System.Diagnostics.CodeAnalysis;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Gateway;

/// <summary>Reads <c>krewe gateway</c>, which is also <c>krewe grpc-proxy start</c>.</summary>
internal static class GatewayCommandLine
{
    public const string Usage =
        """
        Usage: krewe gateway [flags]    (also: krewe grpc-proxy start [flags])

        Serves etcd's API without keeping data, as a client of a cluster.

          --endpoints '127.0.0.1:2379'
                Comma list of members' client URLs.
          --cacert '', --cert '', --key ''
                Authorities, certificate and key for connections to https endpoints.
          --user ''
                name:password of any user, for asking the endpoints where the silos are while authentication is enabled; not needed with a
                client certificate. Clients come with credentials of their own.
          --listen-addr '127.0.0.1:23790'
                Where to serve clients; by https if --cert-file is set.
          --advertise-client-url '127.0.0.1:23790'
                Accepted for etcd's sake; nobody is told.
          --metrics-addr ''
                URL of a second listener for /metrics, /health, /livez and /readyz.

        Flags of a member that a gateway has too (krewe --help):
          --cert-file --key-file --trusted-ca-file --client-cert-auth        what clients meet
          --peer-cert-file --peer-key-file --peer-trusted-ca-file            connections to silos
          --cipher-suites --tls-min-version --tls-max-version
          --max-request-bytes --max-concurrent-streams --grpc-keepalive-min-time --grpc-keepalive-interval
          --grpc-keepalive-timeout --cors --host-whitelist --enable-grpc-gateway --metrics --warning-unary-request-duration
          --watch-progress-notify-interval --log-level --log-format --log-outputs
        """;

    private const string BareBoolean = "client-cert-auth";

    private static readonly string[] OfMembers =
    [
        "cert-file", "key-file", "trusted-ca-file", BareBoolean, "peer-cert-file", "peer-key-file", "peer-trusted-ca-file",
        "cipher-suites", "tls-min-version", "tls-max-version", "max-request-bytes", "max-concurrent-streams",
        "grpc-keepalive-min-time", "grpc-keepalive-interval", "grpc-keepalive-timeout", "cors", "host-whitelist", "enable-grpc-gateway",
        "metrics", "warning-unary-request-duration", "watch-progress-notify-interval", "log-level", "log-format", "log-outputs",
    ];

    /// <summary>What follows the command's name, or null when the arguments name another command.</summary>
    public static string[]? After(string[] arguments) => arguments switch
    {
        ["gateway", .. var rest] => rest,
        ["grpc-proxy", "start", .. var rest] => rest,
        _ => null,
    };

    /// <summary>False, with a text for the operator, when the arguments are bad; the text is <see cref="Usage"/> when it was asked for.</summary>
    public static bool TryParse(
        IReadOnlyList<string> arguments, [NotNullWhen(true)] out GatewayProcessOptions? options, out string text)
    {
        options = null;
        var own = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["endpoints"] = "127.0.0.1:2379",
            ["listen-addr"] = "127.0.0.1:23790",
            ["advertise-client-url"] = "",
            ["metrics-addr"] = "",
            ["cacert"] = "",
            ["cert"] = "",
            ["key"] = "",
            ["user"] = "",
        };
        var ofMember = new List<string>();
        return TryRead(arguments, own, ofMember, out text) && TryBuild(own, ofMember, out options, out text);
    }

    private static bool TryRead(IReadOnlyList<string> arguments, Dictionary<string, string> own, List<string> ofMember, out string text)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith('-'))
            {
                text = $"\"{arguments[i]}\" is not a valid flag\n{Usage}";
                return false;
            }

            var body = arguments[i].TrimStart('-');
            var equals = body.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? body : body[..equals];
            if (name is "help" or "h")
            {
                text = Usage;
                return false;
            }

            if (!own.ContainsKey(name) && !OfMembers.Contains(name))
            {
                text = $"unknown flag: --{name}\n{Usage}";
                return false;
            }

            if (equals < 0 && name != BareBoolean && ++i >= arguments.Count)
            {
                text = $"flag needs an argument: --{name}";
                return false;
            }

            var value = equals >= 0 ? body[(equals + 1)..] : name == BareBoolean ? "true" : arguments[i];
            if (!own.ContainsKey(name))
            {
                ofMember.Add($"--{name}={value}");
                continue;
            }

            own[name] = value;
        }

        text = "";
        return true;
    }

    private static bool TryBuild(
        Dictionary<string, string> own, List<string> ofMember, out GatewayProcessOptions? options, out string text)
    {
        options = null;
        var usesTls = own["cacert"].Length > 0 || own["cert"].Length > 0;
        if (!EtcdUrl.TryParseList(string.Join(',', own["endpoints"].Split(',').Select(e => WithScheme(e, usesTls))), out var endpoints, out var error))
        {
            text = $"--endpoints: {error}";
            return false;
        }

        var endpointTls = new PortTlsOptions { TrustedCaFile = own["cacert"], ClientCertFile = own["cert"], ClientKeyFile = own["key"] };
        if (endpointTls.Validate() is { } bad)
        {
            text = bad;
            return false;
        }

        var listen = WithScheme(own["listen-addr"], ofMember.Any(flag => flag.StartsWith("--cert-file=", StringComparison.Ordinal)));
        ofMember.AddRange([$"--listen-client-urls={listen}", $"--advertise-client-urls={listen}"]);
        if (own["metrics-addr"].Length > 0)
        {
            ofMember.Add($"--listen-metrics-urls={WithScheme(own["metrics-addr"], usesTls: false)}");
        }

        var server = CommandLineParser.Parse(ofMember, new Dictionary<string, string>(), File.ReadAllText);
        text = server.Text;
        if (server.Options is not { } member)
        {
            return false;
        }

        options = new GatewayProcessOptions { Endpoints = endpoints, EndpointTls = endpointTls, User = own["user"], Server = member };
        return true;
    }

    /// <summary>etcd's proxy takes addresses with and without a scheme.</summary>
    private static string WithScheme(string address, bool usesTls) =>
        address.Contains("://", StringComparison.Ordinal) ? address : $"{(usesTls ? "https" : "http")}://{address}";
}
