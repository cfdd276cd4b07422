using System.Buffers;
using System.Text;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>How prefix grains are named: type <c>keyprefix</c>, key the prefix in lower-case hex, the empty prefix <c>root</c>.</summary>
public static class PrefixGrainKey
{
    /// <summary>The grain type to put on the prefix grain with <c>[GrainType]</c>: the fence finds its registrations by it.</summary>
    public const string GrainType = "keyprefix";

    private const string Root = "root";

    /// <summary>The grain key of a prefix.</summary>
    public static string Format(ReadOnlySpan<byte> prefix) => prefix.IsEmpty ? Root : Convert.ToHexStringLower(prefix);

    /// <summary>The prefix that a grain key names; false if it names none.</summary>
    public static bool TryParse(string key, out byte[] prefix)
    {
        prefix = [];
        if (key == Root)
        {
            return true;
        }

        if (key.Length == 0 || key.Length % 2 != 0)
        {
            return false;
        }

        prefix = new byte[key.Length / 2];
        return Convert.FromHexString(key, prefix, out _, out _) == OperationStatus.Done && Convert.ToHexStringLower(prefix) == key;
    }

    /// <summary>The prefix of a prefix grain; false for any other grain.</summary>
    public static bool TryGetPrefix(in GrainKey grain, out byte[] prefix)
    {
        prefix = [];
        return grain.Type.SequenceEqual("keyprefix"u8) && TryParse(Encoding.UTF8.GetString(grain.Key), out prefix);
    }
}
