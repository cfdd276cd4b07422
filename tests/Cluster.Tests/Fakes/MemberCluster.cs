using System.Text;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>Several silos on one <see cref="SharedLog"/>; member 1 leads at first.</summary>
internal sealed class MemberCluster : IAsyncDisposable
{
    private readonly List<MemberSilo> _silos = [];

    public SharedLog Log { get; } = new();

    /// <summary>By member id, from 1.</summary>
    public MemberSilo this[int memberId] => _silos[memberId - 1];

    public static async Task<MemberCluster> StartAsync(int members)
    {
        var cluster = new MemberCluster();
        for (var id = 1; id <= members; id++)
        {
            cluster.Log.Add((ulong)id);
        }

        cluster.Log.Elect(1);
        foreach (var member in cluster.Log.Members)
        {
            cluster._silos.Add(await MemberSilo.StartAsync(member));
        }

        return cluster;
    }

    public static PutRequest Put(string key, string value = "v") => new() { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) };

    /// <summary>Value and version of a key in a member's applied state.</summary>
    public (string Value, long Version)? Read(int memberId, string key)
    {
        var outcome = this[memberId].Member.State.Range(new RangeRequest { Key = Encoding.UTF8.GetBytes(key) });
        var range = (RangeResult)outcome.Result!;
        return range.Kvs.Count == 0 ? null : (Encoding.UTF8.GetString(range.Kvs[0].Value.Span), range.Kvs[0].Version);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Enumerable.Reverse(_silos))
        {
            await silo.DisposeAsync();
        }

        foreach (var member in Log.Members)
        {
            await member.DisposeAsync();
        }
    }
}
