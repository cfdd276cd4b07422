using System.Diagnostics.CodeAnalysis;
using System.Net;
using Krewe.Silo.Configuration.Options;

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
          --listen-addr '127.0.0.1:23790'
                Where to serve clients.
          --advertise-client-url '127.0.0.1:23790'
                Accepted for etcd's sake; nobody is told.
          --metrics-addr ''
                URL of a second listener for /metrics, /health, /livez and /readyz.
        """;

    private static readonly string[] Known = ["endpoints", "listen-addr", "advertise-client-url", "metrics-addr"];

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
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["endpoints"] = "127.0.0.1:2379",
            ["listen-addr"] = "127.0.0.1:23790",
            ["metrics-addr"] = "",
        };
        return TryRead(arguments, values, out text) && TryBuild(values, out options, out text);
    }

    private static bool TryRead(IReadOnlyList<string> arguments, Dictionary<string, string> values, out string text)
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

            if (!Known.Contains(name))
            {
                text = $"unknown flag: --{name}\n{Usage}";
                return false;
            }

            if (equals < 0 && ++i >= arguments.Count)
            {
                text = $"flag needs an argument: --{name}";
                return false;
            }

            values[name] = equals < 0 ? arguments[i] : body[(equals + 1)..];
        }

        text = "";
        return true;
    }

    private static bool TryBuild(Dictionary<string, string> values, out GatewayProcessOptions? options, out string text)
    {
        options = null;
        var endpoints = new List<EtcdUrl>();
        foreach (var part in values["endpoints"].Split(','))
        {
            if (!TryUrl("endpoints", part, out var endpoint, out text))
            {
                return false;
            }

            endpoints.Add(endpoint);
        }

        if (!TryUrl("listen-addr", values["listen-addr"], out var listen, out text) || !CanListen("listen-addr", listen, out text))
        {
            return false;
        }

        EtcdUrl? metrics = null;
        if (values["metrics-addr"] is { Length: > 0 } given
            && (!TryUrl("metrics-addr", given, out metrics, out text) || !CanListen("metrics-addr", metrics, out text)))
        {
            return false;
        }

        options = new GatewayProcessOptions { Endpoints = endpoints, Listen = listen, Metrics = metrics };
        return true;
    }

    /// <summary>etcd's proxy takes addresses with and without a scheme.</summary>
    private static bool TryUrl(string flag, string value, out EtcdUrl url, out string text)
    {
        var whole = value.Contains("://", StringComparison.Ordinal) ? value : $"http://{value}";
        if (!EtcdUrl.TryParse(whole, out url, out var error))
        {
            text = $"--{flag}: {error}";
            return false;
        }

        text = url.IsTls || url.IsUnixSocket ? $"--{flag}: {url}: a gateway supports http only yet" : "";
        return text.Length == 0;
    }

    private static bool CanListen(string flag, EtcdUrl url, out string text)
    {
        text = url.Host == "localhost" || IPAddress.TryParse(url.Host, out _) ? "" : $"--{flag}: expected IP in URL for binding ({url})";
        return text.Length == 0;
    }
}
