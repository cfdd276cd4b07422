namespace Krewe.Cluster.Tests.Streams;

/// <summary>An application's grain that follows the keys of a prefix.</summary>
public interface IPrefixListenerGrain : IGrainWithStringKey
{
    /// <summary>Subscribes from a revision on.</summary>
    Task FollowAsync(string prefix, long revision);

    /// <summary>The changes so far, as revision:key.</summary>
    Task<string[]> SeenAsync();
}
