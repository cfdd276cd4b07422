using System.Reflection;
using System.Runtime.CompilerServices;

namespace Krewe.Architecture.Tests.Source;

public sealed class SealedTypeTests
{
    [Theory]
    [InlineData("Krewe.Raft")]
    [InlineData("Krewe.Grains.Interfaces")]
    [InlineData("Krewe.Grains")]
    [InlineData("Krewe.Api")]
    [InlineData("krewe")]
    public void A_class_is_sealed_static_or_abstract(string assembly) =>
        Assert.Empty(Assembly.Load(assembly).GetTypes().Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract && IsHandWritten(type)).Select(type => type.FullName));

    private static bool IsHandWritten(Type type) =>
        type.Namespace?.StartsWith("Krewe.", StringComparison.Ordinal) == true && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
