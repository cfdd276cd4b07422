using System.Reflection;
using NetArchTest.Rules;

namespace Krewe.Architecture.Tests.Dependencies;

/// <summary>The directions between projects, as the compiled code has them.</summary>
public sealed class AssemblyDependencyTests
{
    private const string Orleans = "Orleans";
    private static readonly string[] BaseLibraryPrefixes = ["System.", "Microsoft.Win32.", "netstandard"];

    [Fact]
    public void Raft_uses_the_base_class_library_only() =>
        Assert.All(ReferencesOf("Krewe.Raft"), name => Assert.Contains(BaseLibraryPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)));

    [Theory]
    [InlineData("Krewe.Raft", "")]
    [InlineData("Krewe.Grains.Interfaces", "")]
    [InlineData("Krewe.Grains", "Krewe.Grains.Interfaces Krewe.Raft")]
    [InlineData("Krewe.Api", "Krewe.Grains.Interfaces")]
    public void An_assembly_uses_only_what_its_place_allows(string assembly, string allowed) =>
        Assert.Empty(ReferencesOf(assembly).Where(IsOurs).Except(allowed.Split(' ')));

    [Theory]
    [InlineData("Krewe.Raft", "Krewe.Raft")]
    [InlineData("Krewe.Grains", "Krewe.Grains.Keyspace")]
    public void Deterministic_code_uses_no_orleans_type(string assembly, string inNamespace) =>
        Assert.Empty(UsersOfOrleans(Assembly.Load(assembly), inNamespace));

    [Fact]
    public void The_rule_against_orleans_sees_a_type_that_breaks_it() =>
        Assert.Contains(typeof(UsesOrleans).FullName!, UsersOfOrleans(typeof(UsesOrleans).Assembly, typeof(UsesOrleans).Namespace!));

    [Fact]
    public void Protocol_types_stay_inside_the_api() =>
        Assert.Empty(Assembly.Load("Krewe.Api").GetExportedTypes()
            .Where(type => type.GetInterfaces().Any(face => face.FullName == "Google.Protobuf.IMessage"))
            .Select(type => type.FullName));

    private static IEnumerable<string> ReferencesOf(string assembly) => Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!);

    private static bool IsOurs(string assembly) => assembly.StartsWith("Krewe.", StringComparison.Ordinal) || assembly == "krewe";

    private static IReadOnlyList<string> UsersOfOrleans(Assembly assembly, string inNamespace) =>
        [.. Types.InAssembly(assembly).That().ResideInNamespace(inNamespace).And().HaveDependencyOn(Orleans).GetTypes().Select(type => type.FullName!)];
}
