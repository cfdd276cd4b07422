namespace Krewe.Silo.Clustering;

/// <summary>When other members were last heard of.</summary>
public interface IPeerLiveness
{
    /// <summary>False if nothing came from the member since this process started.</summary>
    /// <param name="memberId">The member.</param>
    /// <param name="timestamp">Time of the last message, as <see cref="TimeProvider.GetTimestamp"/> gives it.</param>
    bool TryGetLastHeard(ulong memberId, out long timestamp);
}
