using System.Text;
using Krewe.Grains.Interfaces.Watch;
using Orleans.Runtime;
using Orleans.Streams.Filtering;

namespace Krewe.Silo.Streams;

/// <summary>
/// Lets a subscription name a key prefix (UTF-8) as its filter data: it then gets those revisions that change a key with that prefix, whole. The
/// others are left out before they travel.
/// </summary>
internal sealed class KeyPrefixFilter : IStreamFilter
{
    public bool ShouldDeliver(StreamId streamId, object item, string? filterData)
    {
        if (string.IsNullOrEmpty(filterData) || item is not RevisionEvents revision)
        {
            return true;
        }

        Span<byte> prefix = stackalloc byte[Encoding.UTF8.GetMaxByteCount(filterData.Length) <= 512 ? 512 : 0];
        if (prefix.IsEmpty)
        {
            return HasPrefix(revision, Encoding.UTF8.GetBytes(filterData));
        }

        return HasPrefix(revision, prefix[..Encoding.UTF8.GetBytes(filterData, prefix)]);
    }

    private static bool HasPrefix(RevisionEvents revision, ReadOnlySpan<byte> prefix)
    {
        for (int i = 0; i < revision.Events.Count; i++)
        {
            if (revision.Events[i].Kv.Key.Span.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }
}
