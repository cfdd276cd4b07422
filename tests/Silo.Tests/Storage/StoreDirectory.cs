namespace Krewe.Silo.Tests.Storage;

/// <summary>A directory for one test.</summary>
internal sealed class StoreDirectory : IDisposable
{
    internal string Root { get; } = Path.Join(Path.GetTempPath(), $"krewe-store-{Guid.NewGuid():n}");

    internal string Store => Path.Join(Root, "store");

    public void Dispose()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
