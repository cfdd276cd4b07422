using System.Collections.Concurrent;
using System.Text;

namespace Krewe.Silo.Peers;

/// <summary>The peer URLs that members told of themselves when they connected; used where the book has none.</summary>
internal sealed class LearntUrls(IPeerBook book)
{
    /// <summary>Longest list that is believed.</summary>
    private const int MaxBytes = 4_096;

    private readonly ConcurrentDictionary<ulong, Uri[]> _learnt = new();

    public static byte[] Encode(IEnumerable<Uri> urls) => Encoding.UTF8.GetBytes(string.Join(',', urls));

    public void Learn(ulong memberId, ReadOnlySpan<byte> text)
    {
        var urls = text.Length > MaxBytes ? [] : Encoding.UTF8.GetString(text).Split(',', StringSplitOptions.RemoveEmptyEntries);
        _learnt[memberId] = [.. urls
            .Select(u => Uri.TryCreate(u, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? new Uri(u) : null)
            .OfType<Uri>()];
    }

    public IReadOnlyList<Uri> UrlsOf(ulong memberId)
    {
        var known = book.UrlsOf(memberId);
        return known.Count == 0 && _learnt.TryGetValue(memberId, out var learnt) ? learnt : known;
    }
}
