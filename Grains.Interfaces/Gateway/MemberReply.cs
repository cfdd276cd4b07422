namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>An answer, and who gave it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.MemberReply`1")]
public readonly record struct MemberReply<T>([property: Id(0)] T Value, [property: Id(1)] MemberSnapshot Member);
