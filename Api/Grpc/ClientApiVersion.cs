using System.Text;

namespace Krewe.Api.Grpc;

/// <summary>The <c>client-api-version</c> header. Headers arrive as Latin-1, so that no byte a client sends breaks its connection.</summary>
internal static class ClientApiVersion
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>False when the header's bytes are not UTF-8 (behaviour 341).</summary>
    public static bool TryRead(string? header, out string? version)
    {
        version = header;
        if (header is null || Ascii.IsValid(header))
        {
            return true;
        }

        try
        {
            version = Strict.GetString(Encoding.Latin1.GetBytes(header));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
