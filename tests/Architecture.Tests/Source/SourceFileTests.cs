using System.Text.RegularExpressions;

namespace Krewe.Architecture.Tests.Source;

public sealed partial class SourceFileTests
{
    private const int MaxLines = 400;

    [Fact]
    public void There_is_source_to_look_at() => Assert.Contains("tests/Architecture.Tests/Source/SourceFileTests.cs", Repository.SourceFiles);

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Assert.DoesNotContain(
            Repository.SourceFiles.Select(path => (Path: path, Lines: File.ReadLines(Path.Combine(Repository.Root, path)).Count())),
            file => file.Lines > MaxLines);

    [Fact]
    public void A_file_has_one_top_level_type() =>
        Assert.Empty(Repository.SourceFiles
            .Select(path => (Path: path, Types: TopLevelTypes(File.ReadAllText(Path.Combine(Repository.Root, path)))))
            .Where(file => file.Types.Length > 1)
            .Select(file => $"{file.Path}: {string.Join(", ", file.Types)}"));

    [Theory]
    [InlineData("public sealed class A\n{\n    private sealed class B;\n}\n", "A")]
    [InlineData("internal readonly record struct A(int X);\n\npublic enum B\n{\n}\n", "A B")]
    [InlineData("public interface IA<T>;\nfile static class B;\npublic delegate void D(int x);\n", "IA B D")]
    [InlineData("/// <summary>This class is text.</summary>\nusing X;\n", "")]
    public void Top_level_types_are_recognised(string source, string expected) => Assert.Equal(expected, string.Join(' ', TopLevelTypes(source)));

    /// <summary>Declarations that start in the first column; with file-scoped namespaces those are the top-level ones.</summary>
    private static string[] TopLevelTypes(string source) => [.. TypeDeclaration().Matches(source).Select(match => match.Groups["name"].Value).Distinct()];

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe)\s+)*(?:(?:record\s+struct|record\s+class|class|struct|record|interface|enum)\s+(?<name>\w+)|delegate\s+[\w<>\[\],.?]+\s+(?<name>\w+))",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeDeclaration();
}
