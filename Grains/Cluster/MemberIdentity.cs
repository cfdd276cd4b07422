using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Krewe.Grains.Cluster;

/// <summary>Derives member and cluster IDs as etcd does (behaviour 240), so that the same flags give the same IDs.</summary>
public static class MemberIdentity
{
    /// <summary>
    /// The first 8 bytes, big endian, of SHA-1 over the sorted peer URLs, the cluster token and, for a member added at
    /// run time, the Unix second as decimal text; all without separators.
    /// </summary>
    /// <param name="peerUrls">The member's peer URLs in etcd's normal form, in any order.</param>
    /// <param name="clusterToken"><c>--initial-cluster-token</c> when bootstrapping; empty for a member added at run time.</param>
    /// <param name="addedAtUnixSeconds">When the member was added; null when bootstrapping.</param>
    public static ulong MemberId(IEnumerable<string> peerUrls, string clusterToken, long? addedAtUnixSeconds = null)
    {
        var text = new StringBuilder();
        foreach (var url in peerUrls.Order(StringComparer.Ordinal))
        {
            text.Append(url);
        }

        text.Append(clusterToken);
        if (addedAtUnixSeconds is { } seconds)
        {
            text.Append(seconds.ToString(CultureInfo.InvariantCulture));
        }

        return FirstEightBytesOfSha1(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The first 8 bytes, big endian, of SHA-1 over the ascending member IDs, each as 8 bytes big endian.</summary>
    /// <param name="memberIds">The IDs of all bootstrap members, in any order.</param>
    public static ulong ClusterId(IEnumerable<ulong> memberIds)
    {
        var sorted = memberIds.Order().ToArray();
        var bytes = new byte[sorted.Length * sizeof(ulong)];
        for (var i = 0; i < sorted.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), sorted[i]);
        }

        return FirstEightBytesOfSha1(bytes);
    }

#pragma warning disable CA5350 // An identifier that must equal etcd's, not a protection against anybody.
    private static ulong FirstEightBytesOfSha1(byte[] input) => BinaryPrimitives.ReadUInt64BigEndian(SHA1.HashData(input));
#pragma warning restore CA5350
}
