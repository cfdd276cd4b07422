using System.Text;

namespace Krewe.Api.Grpc;

/// <summary>Percent-encoding of the <c>grpc-message</c> trailer.</summary>
internal static class GrpcMessageText
{
    public static string Encode(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~' or '%')
            {
                return EncodeSlow(text);
            }
        }

        return text;
    }

    private static string EncodeSlow(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is < (byte)' ' or > (byte)'~' or (byte)'%')
            {
                result.Append('%').Append(b.ToString("X2", null));
            }
            else
            {
                result.Append((char)b);
            }
        }

        return result.ToString();
    }
}
