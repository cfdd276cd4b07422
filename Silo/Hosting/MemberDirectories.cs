using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Hosting;

/// <summary>Where a member's files lie below its data directory, named as etcd names them.</summary>
internal sealed record MemberDirectories(string Log, string Store)
{
    public static MemberDirectories Of(StorageOptions options)
    {
        var member = Path.Combine(options.DataDirectory, "member");
        return new MemberDirectories(options.WalDirectory ?? Path.Combine(member, "wal"), Path.Combine(member, "store"));
    }
}
