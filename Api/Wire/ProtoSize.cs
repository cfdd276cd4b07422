using System.Numerics;
using System.Runtime.CompilerServices;

namespace Krewe.Api.Wire;

/// <summary>Encoded sizes of protobuf fields in bytes. All field numbers used on the hot path are below 16, so a tag is one byte.</summary>
internal static class ProtoSize
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Varint(ulong value) => (int)((((uint)(63 - BitOperations.LeadingZeroCount(value | 1)) * 9) + 73) / 64);

    /// <summary>A number field; proto3 leaves zeros out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Field(ulong value) => value == 0 ? 0 : 1 + Varint(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Field(long value) => Field((ulong)value);

    public static int Field(bool value) => value ? 2 : 0;

    /// <summary>A bytes field; proto3 leaves empty ones out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bytes(int length) => length == 0 ? 0 : Message(length);

    /// <summary>A message field, which is written even when empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Message(int length) => 1 + Varint((ulong)length) + length;
}
