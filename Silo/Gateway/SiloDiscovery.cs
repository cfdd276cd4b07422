using System.Text.Json;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Gateway;

/// <summary>Learns from the members' client ports where the silos are. The first member that answers is believed.</summary>
internal sealed class SiloDiscovery : ISiloGateways, IDisposable
{
    /// <summary>Longest wait for one member; all are asked at once.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http;
    private readonly Uri[] _endpoints;
    private volatile Answer _last = new("", []);

    public SiloDiscovery(IEnumerable<EtcdUrl> endpoints, HttpMessageHandler? handler = null)
    {
        _endpoints = [.. endpoints.Select(url => new Uri($"{url}/krewe/silos"))];
        _http = new HttpClient(handler ?? new SocketsHttpHandler()) { Timeout = AnswerTimeout };
    }

    public string ClusterName => _last.Cluster;

    public IReadOnlyList<string> Addresses => _last.Gateways;

    /// <summary>Asks all members; false, and what was known before stays, if none answers.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = _endpoints.Select(endpoint => AskAsync(endpoint, rest.Token)).ToList();
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

    public void Dispose() => _http.Dispose();

    private async Task<Answer?> AskAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var body = JsonDocument.Parse(await _http.GetStringAsync(endpoint, cancellationToken).ConfigureAwait(false));
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
