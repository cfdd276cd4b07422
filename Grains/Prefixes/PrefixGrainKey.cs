namespace Krewe.Grains.Prefixes;

/// <summary>How a prefix is spelled as a grain key: lower-case hex, the empty prefix as <c>root</c>.</summary>
public static class PrefixGrainKey
{
    public const string Root = "root";

    public static string Format(ReadOnlySpan<byte> prefix) => prefix.IsEmpty ? Root : Convert.ToHexStringLower(prefix);

    public static byte[] Parse(string grainKey) => grainKey == Root ? [] : Convert.FromHexString(grainKey);
}
