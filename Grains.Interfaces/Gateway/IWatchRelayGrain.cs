using Krewe.Grains.Interfaces.Watch;
using Orleans.Concurrency;

namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>
/// One stream of watchers on a member for a process without a replica. The key is fresh for each stream: an activation that was not opened, or
/// lost what was opened, refuses everything with <see cref="Errors.EtcdError.Stopped"/>, and its owner opens another one elsewhere.
/// Without a call for a minute it is taken for abandoned and closes.
/// </summary>
[Alias("krewe.IWatchRelayGrain")]
public interface IWatchRelayGrain : IGrainWithGuidKey
{
    /// <summary>Opens the stream on the member where the grain is.</summary>
    [AlwaysInterleave]
    [Alias("Open")]
    Task<MemberSnapshot> OpenAsync();

    /// <summary>As <see cref="IWatchStream.Create"/>; silence if the id is there already.</summary>
    [AlwaysInterleave]
    [Alias("Create")]
    Task CreateAsync(WatchRequest request);

    /// <summary>As <see cref="IWatchStream.Cancel"/>.</summary>
    [AlwaysInterleave]
    [Alias("Cancel")]
    Task CancelAsync(long watchId);

    /// <summary>As <see cref="IWatchStream.RequestProgress()"/>.</summary>
    [AlwaysInterleave]
    [Alias("RequestProgress")]
    Task RequestProgressAsync();

    /// <summary>
    /// The batches that are there, as soon as there are some, a bounded number of them; none if <paramref name="wait"/> passes without. One
    /// reader at a time.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Read")]
    Task<IReadOnlyList<WatchBatch>> ReadAsync(TimeSpan wait);

    [AlwaysInterleave]
    [Alias("Close")]
    Task CloseAsync();
}
