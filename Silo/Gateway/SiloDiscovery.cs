using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Tls;

namespace Krewe.Silo.Gateway;

/// <summary>Learns from the members' client ports where the silos are. The first member that answers is believed.</summary>
internal sealed class SiloDiscovery : IDisposable
{
    /// <summary>Longest wait for one member; all are asked at once.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly (Uri Url, HttpClient Http)[] _endpoints;
    private volatile Answer _last = new("", []);

    /// <param name="endpoints">Client URLs of members.</param>
    /// <param name="tls">For those that are https.</param>
    /// <param name="user">Name and password, with a colon between, for a cluster whose authentication is enabled; empty for none.</param>
    public SiloDiscovery(IEnumerable<EtcdUrl> endpoints, PortTls tls, string user)
    {
        var credentials = user.Length > 0 ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user))) : null;
        _endpoints = [.. endpoints.Select(url => (new Uri($"{url}/krewe/silos"), Client(url, tls, credentials)))];
    }

    public string ClusterName => _last.Cluster;

    public IReadOnlyList<string> Addresses => _last.Gateways;

    /// <summary>Asks all members; false, and what was known before stays, if none answers.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = _endpoints.Select(endpoint => AskAsync(endpoint.Http, endpoint.Url, rest.Token)).ToList();
        while (open.Count > 0)
        {
            var done = await Task.WhenAny(open).ConfigureAwait(false);
            open.Remove(done);
            if (await done.ConfigureAwait(false) is { } answer)
            {
                _last = answer;
                await rest.CancelAsync().ConfigureAwait(false);
                return true;
            }
        }

        return false;
    }

    public void Dispose() => Array.ForEach(_endpoints, static endpoint => endpoint.Http.Dispose());

    private static HttpClient Client(EtcdUrl url, PortTls tls, AuthenticationHeaderValue? credentials)
    {
        var http = new HttpClient(new SocketsHttpHandler { SslOptions = url.IsTls ? tls.ClientOptions(url.Host) : new() }) { Timeout = AnswerTimeout };
        http.DefaultRequestHeaders.Authorization = credentials;
        return http;
    }

    private async Task<Answer?> AskAsync(HttpClient http, Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var body = JsonDocument.Parse(await http.GetStringAsync(endpoint, cancellationToken).ConfigureAwait(false));
            var cluster = body.RootElement.GetProperty("cluster").GetString()!;
            string[] gateways = [.. body.RootElement.GetProperty("gateways").EnumerateArray().Select(g => g.GetString()!)];
            var isOurs = _last.Cluster.Length == 0 || _last.Cluster == cluster;
            return gateways.Length > 0 && isOurs ? new Answer(cluster, gateways) : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }

    private sealed record Answer(string Cluster, IReadOnlyList<string> Gateways);
}
