using Krewe.Grains.Cluster.Directory;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>Between Orleans' grain addresses and the replicated directory entries.</summary>
internal static class GrainAddressMapping
{
    public static GrainKey ToKey(GrainId grainId) => new(grainId.Type.AsSpan(), grainId.Key.AsSpan());

    public static GrainId ToGrainId(in GrainKey grain) =>
        GrainId.Create(new GrainType(grain.Type.ToArray()), new IdSpan(grain.Key.ToArray()));

    public static ActivationAddress ToActivation(GrainAddress address) =>
        new(ToKey(address.GrainId), ActivationGuid.From(address.ActivationId), address.SiloAddress!.ToParsableString());

    public static DirectoryEntry ToEntry(GrainAddress address, bool isLeaderBound) => new(
        ToKey(address.GrainId),
        ActivationGuid.From(address.ActivationId),
        address.SiloAddress!.ToParsableString(),
        address.MembershipVersion.Value,
        isLeaderBound);

    public static GrainAddress ToAddress(DirectoryEntry entry) => new()
    {
        GrainId = ToGrainId(entry.Grain),
        ActivationId = new ActivationId(entry.ActivationId),
        SiloAddress = SiloAddress.FromParsableString(entry.Silo),
        MembershipVersion = new MembershipVersion(entry.MembershipVersion),
    };
}
