using System.Net;

namespace Krewe.Silo.Configuration.Options;

/// <summary>What the member listens on.</summary>
public sealed record ListenOptions
{
    /// <summary><c>--listen-peer-urls</c>; at least one.</summary>
    public required IReadOnlyList<EtcdUrl> PeerUrls { get; init; }

    /// <summary><c>--listen-client-urls</c>; at least one.</summary>
    public required IReadOnlyList<EtcdUrl> ClientUrls { get; init; }

    /// <summary><c>--listen-metrics-urls</c>; often none.</summary>
    public required IReadOnlyList<EtcdUrl> MetricsUrls { get; init; }

    /// <summary><c>--cors</c>: origins that may read HTTP answers; <c>*</c> for all (behaviour 318). Never empty.</summary>
    public required IReadOnlyList<string> CorsOrigins { get; init; }

    /// <summary><c>--host-whitelist</c>: Host names accepted on plain HTTP; <c>*</c> for all (behaviour 319). Never empty.</summary>
    public required IReadOnlyList<string> HostWhitelist { get; init; }

    /// <summary>What is wrong with these options, or null (behaviour 364).</summary>
    public string? Validate() =>
        PeerUrls.Select(ValidatePeer).Concat(ClientUrls.Concat(MetricsUrls).Select(ValidateOne)).FirstOrDefault(error => error is not null);

    private static string? ValidatePeer(EtcdUrl url) =>
        url.IsUnixSocket ? $"cannot listen on {url}: krewe's members do not talk over Unix sockets" : ValidateOne(url);

    private static string? ValidateOne(EtcdUrl url) => url.IsUnixSocket || url.Host == "localhost" || IPAddress.TryParse(url.Host, out _)
        ? null
        : $"expected IP in URL for binding ({url})";
}
