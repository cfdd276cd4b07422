namespace Krewe.Api.Relay;

/// <summary>
/// Marks a call that comes from a gateway. It is for the cluster, not for this member: what a member refuses or can not do by itself, as a learner or a
/// follower, is done where it can be.
/// </summary>
internal sealed class RelayedCallFeature
{
    public static readonly RelayedCallFeature Instance = new();
}
