namespace Krewe.Silo.Tests.Configuration.Flags;

public sealed class FlagReferenceTests
{
    private const string RewriteSwitch = "KREWE_REWRITE";

    [Fact]
    public void The_reference_page_is_what_the_catalog_says()
    {
        var path = Path.Combine(FindRoot(), "docs", "reference", "flags.md");
        var expected = FlagReference.Create();
        if (Environment.GetEnvironmentVariable(RewriteSwitch) == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Orleans.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("Orleans.sln is in no directory above the tests");
    }
}
