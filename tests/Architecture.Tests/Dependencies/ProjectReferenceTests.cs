using System.Xml.Linq;

namespace Krewe.Architecture.Tests.Dependencies;

/// <summary>The directions between projects, as the project files state them.</summary>
public sealed class ProjectReferenceTests
{
    [Theory]
    [InlineData("Raft", "")]
    [InlineData("Grains.Interfaces", "")]
    [InlineData("Grains", "Grains.Interfaces Raft")]
    [InlineData("Api", "Grains.Interfaces")]
    [InlineData("Silo", "Api Grains Grains.Interfaces Raft")]
    public void A_project_references_only_what_its_place_allows(string project, string allowed) =>
        Assert.Empty(ProjectReferences(project).Except(allowed.Split(' ')));

    [Fact]
    public void Raft_uses_no_package() => Assert.Empty(PackageReferences("Raft"));

    [Fact]
    public void Grain_interfaces_use_the_orleans_sdk_only() => Assert.Equal(["Microsoft.Orleans.Sdk"], PackageReferences("Grains.Interfaces"));

    [Fact]
    public void Nothing_but_tests_references_the_silo() =>
        Assert.All(
            Repository.ProjectFiles.Where(path => !path.StartsWith("tests/", StringComparison.Ordinal)),
            path => Assert.DoesNotContain("Silo", References(path, "ProjectReference")));

    [Fact]
    public void Versions_are_central() =>
        Assert.All(
            Repository.ProjectFiles,
            path => Assert.All(Load(path).Descendants("PackageReference"), reference => Assert.Null(reference.Attribute("Version"))));

    private static IEnumerable<string> ProjectReferences(string project) => References($"{project}/{project}.csproj", "ProjectReference");

    private static IEnumerable<string> PackageReferences(string project) => References($"{project}/{project}.csproj", "PackageReference");

    private static IEnumerable<string> References(string path, string element) =>
        Load(path).Descendants(element)
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(include => include.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(include) : include);

    private static XDocument Load(string path) => XDocument.Load(Path.Combine(Repository.Root, path));
}
