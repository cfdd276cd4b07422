using System.Collections.Concurrent;

namespace Krewe.Api.Metrics;

/// <summary>etcd_server_client_requests_total: RPCs by kind and client API version (behaviour 341).</summary>
internal sealed class ClientRequestCounters
{
    /// <summary>Versions told apart; the rest count as unknown, so that clients cannot grow the table without bound.</summary>
    public const int MaxVersions = 64;

    public const string Unknown = "unknown";

    private readonly ConcurrentDictionary<string, Counts> _versions = new(StringComparer.Ordinal);
    private readonly Counts _unknown = new();

    public void Count(bool isStream, string? version)
    {
        var counts = version is null ? _unknown : Find(version);
        Interlocked.Increment(ref isStream ? ref counts.Streams : ref counts.Unary);
    }

    public IEnumerable<(string Version, long Unary, long Streams)> Read() =>
        _versions.Select(v => (v.Key, v.Value.Unary, v.Value.Streams)).Append((Unknown, _unknown.Unary, _unknown.Streams));

    private Counts Find(string version)
    {
        if (_versions.TryGetValue(version, out var counts))
        {
            return counts;
        }

        return _versions.Count < MaxVersions && version != Unknown ? _versions.GetOrAdd(version, static _ => new Counts()) : _unknown;
    }

    private sealed class Counts
    {
        public long Unary;
        public long Streams;
    }
}
