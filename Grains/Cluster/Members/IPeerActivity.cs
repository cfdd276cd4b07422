namespace Krewe.Grains.Cluster.Members;

/// <summary>How long other members have been heard without a break.</summary>
public interface IPeerActivity
{
    /// <summary>Null for a member that is not heard at present.</summary>
    TimeSpan? ActiveFor(ulong memberId);
}
