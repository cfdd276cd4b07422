namespace Krewe.Testing.Peers;

/// <summary>Folders of the checkout that the tests were built from.</summary>
internal static class RepositoryPaths
{
    /// <summary>The folder that holds Orleans.sln, found upwards from the test binaries.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
