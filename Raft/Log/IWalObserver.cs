namespace Krewe.Raft.Log;

/// <summary>Told about the log's disk work, for metrics. Called on the writer thread; must not block or throw.</summary>
public interface IWalObserver
{
    /// <summary>One write call of <paramref name="bytes"/> bytes was made.</summary>
    void Written(int bytes, TimeSpan duration);

    /// <summary>One fdatasync was made that covered <paramref name="bytes"/> bytes of new records.</summary>
    void Synced(long bytes, TimeSpan duration);
}
