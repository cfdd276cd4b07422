namespace Krewe.Silo.Tests.Configuration.Flags;

/// <summary>
/// The specification's table of etcd's flags, <c>shared/etcd/flags.tsv</c> beside the checkout. It is not part of the
/// repository: tests that need it are skipped without it.
/// </summary>
internal static class EtcdFlagTable
{
    private const int In371Column = 9;

    public static IReadOnlyList<EtcdFlagRow> Load()
    {
        var path = Find();
        Assert.SkipWhen(path is null, "shared/etcd/flags.tsv is not beside this checkout");
        return [.. File.ReadLines(path!).Skip(1).Select(line => Read(line.Split('\t')))];
    }

    private static EtcdFlagRow Read(string[] columns) => new(
        columns[0],
        columns[1].StartsWith('(') ? null : columns[1],
        PlainDefault(columns[2]),
        columns[3],
        columns[In371Column] == "yes");

    /// <summary>The table adds remarks such as "10000 (100000 in 3.4/3.5)".</summary>
    private static string PlainDefault(string text) => text == "(empty)" ? "" : text.Split(" (")[0];

    private static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "shared", "etcd", "flags.tsv");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
