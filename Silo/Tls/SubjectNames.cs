using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Silo.Tls;

/// <summary>Names in certificates, as Go reads them.</summary>
internal static class SubjectNames
{
    private const string CommonNameOid = "2.5.4.3";

    /// <summary>The last common name of the subject; empty if there is none.</summary>
    public static string CommonNameOf(X509Certificate2 certificate)
    {
        var found = "";
        try
        {
            var names = new AsnReader(certificate.SubjectName.RawData, AsnEncodingRules.BER).ReadSequence();
            while (names.HasData)
            {
                var attributes = names.ReadSetOf(skipSortOrderValidation: true);
                while (attributes.HasData)
                {
                    var attribute = attributes.ReadSequence();
                    if (attribute.ReadObjectIdentifier() == CommonNameOid)
                    {
                        found = attribute.ReadCharacterString((UniversalTagNumber)attribute.PeekTag().TagValue);
                    }
                }
            }
        }
        catch (Exception e) when (e is AsnContentException or ArgumentException)
        {
            return "";
        }

        return found;
    }

    /// <summary>Whether the certificate's alternative names have this DNS name or IP address; the common name does not count.</summary>
    public static bool IsValidFor(X509Certificate2 certificate, string host)
    {
        try
        {
            return certificate.MatchesHostname(host.Trim('[', ']'), allowWildcards: true, allowCommonName: false);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The alternative names; null if there is no such extension.</summary>
    public static X509SubjectAlternativeNameExtension? AlternativeNamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
}
