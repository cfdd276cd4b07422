using System.Buffers;
using Krewe.Api.Wire;

namespace Krewe.Api.Mapping;

/// <summary>Turns a request's payload into its DTO without the generated proto types.</summary>
internal static class PayloadDecoder
{
    public delegate T Decode<T>(ref ProtoReader reader);

    /// <summary>Reads in place when the transport holds the payload in one piece; joins the pieces into an own array otherwise.</summary>
    public static T Read<T>(in ReadOnlySequence<byte> payload, Decode<T> decode)
    {
        var reader = payload.IsSingleSegment ? new ProtoReader(payload.FirstSpan) : new ProtoReader(payload.ToArray());
        return decode(ref reader);
    }
}
