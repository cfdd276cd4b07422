using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Hosting;

/// <summary>Where a member's files lie below its data directory, named as etcd names them.</summary>
/// <param name="Log">The write-ahead log.</param>
/// <param name="Member">The store, received snapshots and checkpoints (<see cref="Snapshots.StoreDirectories"/>).</param>
internal sealed record MemberDirectories(string Log, string Member)
{
    public static MemberDirectories Of(StorageOptions options)
    {
        var member = Path.Combine(options.DataDirectory, "member");
        return new MemberDirectories(options.WalDirectory ?? Path.Combine(member, "wal"), member);
    }
}
