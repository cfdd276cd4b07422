namespace Krewe.Grains.Interfaces.Cluster;

/// <summary>Membership as <c>Api</c> sees it.</summary>
public interface IMembershipClient
{
    /// <summary>Members sorted by ID; <paramref name="linearizable"/> confirms with a quorum (behaviour 236).</summary>
    ValueTask<IReadOnlyList<Member>> ListAsync(bool linearizable, CancellationToken cancellationToken);
}
