using System.Collections.Concurrent;

namespace Krewe.Silo.Tests.Peers;

/// <summary>Three members in this process over loopback sockets.</summary>
internal abstract class LoopbackCluster<TMember>(string directoryPrefix) : IAsyncDisposable
    where TMember : class, ILoopbackMember
{
    protected static readonly ulong[] Ids = [1, 2, 3];
    private readonly Dictionary<ulong, TMember> _members = [];

    public IEnumerable<TMember> Members => _members.Values;

    protected string DirectoryOfAll { get; } = Directory.CreateTempSubdirectory(directoryPrefix).FullName;

    protected ConcurrentDictionary<ulong, Uri> Urls { get; } = new();

    public TMember this[ulong id] => _members[id];

    /// <summary>Ends the member and answers it.</summary>
    public async Task<TMember> StopAsync(ulong id)
    {
        await _members[id].DisposeAsync();
        _members.Remove(id, out var member);
        return member!;
    }

    public async Task<TMember> LeaderAsync()
    {
        TMember? leader = null;
        await UntilAsync(() => (leader = Members.FirstOrDefault(m => m.Node.IsReadyLeader)) is not null);
        return leader!;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }

        Directory.Delete(DirectoryOfAll, recursive: true);
    }

    /// <summary>Starts all three: their URLs are known before the first one's clock runs.</summary>
    protected void StartAll(Func<ulong, TMember> create)
    {
        foreach (var id in Ids)
        {
            _members[id] = create(id);
        }

        foreach (var member in Members)
        {
            member.Node.Start();
        }
    }

    protected void StartAgain(ulong id, TMember member)
    {
        _members[id] = member;
        member.Node.Start();
    }
}
