using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Cluster.Tests.Gateway;

/// <summary>One RPC on a member that does as the test says.</summary>
internal sealed class FakeRpcStream(Func<Task> start, Func<Task<RpcPart>> read) : IRpcStreamGrain
{
    public static readonly MemberSnapshot Member = new(1, 2, 2, 3, 9, 9, 7, false);

    public int Starts { get; private set; }

    public int Closes { get; private set; }

    public static RpcPart Answer { get; } = new([new byte[] { 1 }], null);

    public static RpcPart Silence { get; } = new([], null);

    public static RpcPart End { get; } = new([], new RpcReply(0, null, default));

    public async Task<MemberSnapshot> StartAsync(RpcRequest request)
    {
        Starts++;
        await start();
        return Member;
    }

    public async Task<MemberReply<RpcPart>> ReadAsync(TimeSpan wait) => new(await read(), Member);

    public Task CloseAsync()
    {
        Closes++;
        return Task.CompletedTask;
    }
}
