using System.Globalization;
using System.Text.Json;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Tls;

namespace Krewe.Silo.Bootstrap;

/// <summary>Asks over HTTP or HTTPS, as etcd's members ask each other.</summary>
internal sealed class HttpRemoteCluster(PortTls tls) : IRemoteCluster
{
    /// <summary>Longest answer that is read; a list of members is far shorter.</summary>
    private const int MaxAnswerBytes = 1 << 20;

    public RemoteCluster? Fetch(EtcdUrl peerUrl, TimeSpan limit)
    {
        try
        {
            using var handler = new SocketsHttpHandler();
            if (peerUrl.IsTls)
            {
                handler.SslOptions = tls.ClientOptions(peerUrl.Host);
            }

            using var client = new HttpClient(handler) { Timeout = limit, MaxResponseContentBufferSize = MaxAnswerBytes };
            return FetchAsync(client, peerUrl).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or UriFormatException or InvalidDataException)
        {
            return null;
        }
    }

    private static async Task<RemoteCluster?> FetchAsync(HttpClient client, EtcdUrl peerUrl)
    {
        using var answer = await client.GetAsync(new Uri($"{peerUrl}/members")).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode
            || !answer.Headers.TryGetValues(MembersJson.ClusterIdHeader, out var ids)
            || !ulong.TryParse(ids.First(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var clusterId))
        {
            return null;
        }

        return new RemoteCluster(clusterId, MembersJson.Read(await answer.Content.ReadAsByteArrayAsync().ConfigureAwait(false)));
    }
}
