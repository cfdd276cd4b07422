using System.Security.Cryptography;
using System.Text;

namespace Krewe.Silo.Tls;

/// <summary>Takes PEM blocks out of a file; what stands between them is skipped, as in Go.</summary>
internal static class PemText
{
    public const string Certificate = "CERTIFICATE";

    /// <summary>Label and content of every block that can be decoded, in order.</summary>
    public static IReadOnlyList<(string Label, byte[] Content)> Blocks(byte[] file)
    {
        var text = Encoding.Latin1.GetString(file);
        var rest = text.AsSpan();
        var blocks = new List<(string, byte[])>();
        while (PemEncoding.TryFind(rest, out var found))
        {
            blocks.Add((rest[found.Label].ToString(), Convert.FromBase64String(rest[found.Base64Data].ToString())));
            rest = rest[found.Location.End..];
        }

        return blocks;
    }
}
