using System.Buffers;
using System.Text;

namespace Krewe.Api.Hosting.Transport;

/// <summary>
/// Reads an <c>:authority</c> so that Kestrel accepts it: gRPC clients send all sorts of text there, as etcd's own 3.5.0 client does
/// (<c>#initially=[...]</c>), and etcd takes any (behaviour 348). Nothing here depends on the value; what is not a host name with an
/// optional port becomes one.
/// </summary>
internal sealed class AuthorityEncoding : Encoding
{
    public static readonly AuthorityEncoding Instance = new();

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("abcdefABCDEF0123456789:."u8);

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var source = bytes.AsSpan(byteIndex, byteCount);
        Latin1.GetChars(source, chars.AsSpan(charIndex));
        if (!IsHost(source))
        {
            Clean(source, chars.AsSpan(charIndex, byteCount));
        }

        return byteCount;
    }

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);

    private static void Clean(ReadOnlySpan<byte> source, Span<char> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            if (!NameBytes.Contains(source[i]))
            {
                target[i] = '-';
            }
        }
    }

    // name, name:port, [address] or [address]:port.
    private static bool IsHost(ReadOnlySpan<byte> text)
    {
        int end;
        if (text.StartsWith("["u8))
        {
            end = text.IndexOf((byte)']') + 1;
            if (end < 3 || text[1..(end - 1)].ContainsAnyExcept(AddressBytes))
            {
                return false;
            }
        }
        else
        {
            end = text.IndexOf((byte)':');
            end = end < 0 ? text.Length : end;
            if (text[..end].ContainsAnyExcept(NameBytes))
            {
                return false;
            }
        }

        var port = text[end..];
        return port.IsEmpty || (port.Length > 1 && port[0] == ':' && !port[1..].ContainsAnyExcept(Digits));
    }
}
