using Krewe.Api.Wire;

namespace Krewe.Api.Validation;

/// <summary>
/// etcd limits the size of the record that it would write to its log, not of the request (behaviour 64): the request as a field of
/// an envelope that also has a header with a 64-bit request ID.
/// </summary>
internal static class RequestSize
{
    /// <summary>Field number 100 (two tag bytes), a length, and an ID of a tag and ten varint bytes.</summary>
    public const int HeaderBytes = 2 + 1 + 1 + 10;

    /// <summary>Whether a request of <paramref name="encodedBytes"/> exceeds <paramref name="maxBytes"/> once enveloped.</summary>
    public static bool IsTooLarge(long encodedBytes, int maxBytes) =>
        HeaderBytes + 1 + ProtoSize.Varint((ulong)encodedBytes) + encodedBytes > maxBytes;
}
