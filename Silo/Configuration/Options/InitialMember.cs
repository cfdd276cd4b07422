namespace Krewe.Silo.Configuration.Options;

/// <summary>One member of <c>--initial-cluster</c>.</summary>
/// <param name="Name">Its <c>--name</c>.</param>
/// <param name="PeerUrls">Its peer URLs, sorted; at least one.</param>
public sealed record InitialMember(string Name, IReadOnlyList<EtcdUrl> PeerUrls)
{
    /// <summary>Reads <c>a=http://h:1,a=http://h:2,b=http://h:3</c>; members are sorted by name.</summary>
    public static bool TryParseList(string text, out IReadOnlyList<InitialMember> members, out string error)
    {
        var urlsByName = new SortedDictionary<string, List<EtcdUrl>>(StringComparer.Ordinal);
        members = [];
        error = "";
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? part : part[..equals];
            if (!EtcdUrl.TryParse(equals < 0 ? "" : part[(equals + 1)..], out var url, out error))
            {
                error = $"--initial-cluster: member \"{name}\": {error}";
                return false;
            }

            if (!urlsByName.TryGetValue(name, out var urls))
            {
                urlsByName[name] = urls = [];
            }

            urls.Add(url);
        }

        members = [.. urlsByName.Select(pair => new InitialMember(pair.Key, Sorted(pair.Value)))];
        return true;
    }

    private static IReadOnlyList<EtcdUrl> Sorted(List<EtcdUrl> urls) => [.. urls.OrderBy(url => url.ToString(), StringComparer.Ordinal)];
}
