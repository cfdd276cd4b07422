using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Silo.Tls;

/// <summary>
/// The serial numbers of a revocation list. Like etcd's check it compares serial numbers only: whose list it is, who signed it and how old
/// it is make no difference, since the operator names the file.
/// </summary>
internal sealed class RevocationList
{
    private readonly HashSet<string> _serials = [];

    /// <summary>Reads DER, or PEM with a block "X509 CRL". Throws <see cref="InvalidDataException"/>.</summary>
    public static RevocationList Parse(byte[] file)
    {
        var content = PemText.Blocks(file).FirstOrDefault(block => block.Label == "X509 CRL").Content ?? file;
        var list = new RevocationList();
        try
        {
            list.Read(content);
        }
        catch (AsnContentException e)
        {
            throw new InvalidDataException("x509: malformed crl", e);
        }

        return list;
    }

    public bool IsRevoked(X509Certificate2 certificate) => _serials.Contains(Serial(certificate.SerialNumberBytes.Span));

    // CertificateList of RFC 5280, section 5.1; the revoked certificates are the only SEQUENCE behind the dates.
    private void Read(byte[] content)
    {
        var file = new AsnReader(content, AsnEncodingRules.DER);
        var body = file.ReadSequence().ReadSequence();
        file.ThrowIfNotEmpty();
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            body.ReadInteger();
        }

        body.ReadSequence();
        body.ReadSequence();
        SkipTime(body);
        if (body.HasData && IsTime(body.PeekTag()))
        {
            SkipTime(body);
        }

        if (!body.HasData || !body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            return;
        }

        var revoked = body.ReadSequence();
        while (revoked.HasData)
        {
            _serials.Add(Serial(revoked.ReadSequence().ReadIntegerBytes().Span));
        }
    }

    private static bool IsTime(Asn1Tag tag) =>
        tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static void SkipTime(AsnReader reader)
    {
        if (!IsTime(reader.PeekTag()))
        {
            throw new AsnContentException("a time is expected");
        }

        reader.ReadEncodedValue();
    }

    private static string Serial(ReadOnlySpan<byte> bigEndian) => Convert.ToHexString(bigEndian.TrimStart((byte)0));
}
