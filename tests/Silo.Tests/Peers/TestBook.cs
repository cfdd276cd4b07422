using System.Collections.Concurrent;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Tests.Peers;

/// <summary>A book that tests write in.</summary>
internal sealed class TestBook(ulong clusterId, ulong memberId, ConcurrentDictionary<ulong, Uri> urls) : IPeerBook
{
    public ConcurrentDictionary<ulong, bool> Removed { get; } = new();

    public ulong ClusterId => clusterId;

    public ulong MemberId => memberId;

    public IReadOnlyList<Uri> OwnUrls => UrlsOf(memberId);

    public PeerStanding StandingOf(ulong id) =>
        Removed.ContainsKey(id) ? PeerStanding.Removed : urls.ContainsKey(id) ? PeerStanding.Member : PeerStanding.Unknown;

    public IReadOnlyList<Uri> UrlsOf(ulong id) => urls.TryGetValue(id, out var url) ? [url] : [];
}
