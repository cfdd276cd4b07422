using Orleans.Concurrency;

namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>
/// One RPC that streams its answers, or takes its time, for a process without a replica, which fetches them. The key is fresh for each: an activation
/// that runs none refuses with <see cref="Errors.EtcdError.Stopped"/>. Who does not fetch for <see cref="MaxIdle"/> has the RPC cancelled.
/// </summary>
[Alias("krewe.IRpcStreamGrain")]
public interface IRpcStreamGrain : IGrainWithGuidKey
{
    /// <summary>Longest pause between two fetches.</summary>
    static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(20);

    /// <summary>Begins the RPC on the member where the grain is.</summary>
    [AlwaysInterleave]
    [Alias("Start")]
    Task<MemberSnapshot> StartAsync(RpcRequest request);

    /// <summary>The answers that are there, as soon as there are some, a bounded number of them; none if <paramref name="wait"/> passes without.</summary>
    [AlwaysInterleave]
    [Alias("Read")]
    Task<MemberReply<RpcPart>> ReadAsync(TimeSpan wait);

    [AlwaysInterleave]
    [Alias("Close")]
    Task CloseAsync();
}
