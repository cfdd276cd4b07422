using Krewe.Grains.Cluster.Codec;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>Which activation is registered for a grain.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="ActivationId">Its one registered activation.</param>
/// <param name="Silo">Where it runs: the silo's address in Orleans' parsable form.</param>
/// <param name="MembershipVersion">
/// Membership version that the registering silo knew. Orleans takes a silo that it does not know for dead only if its own view is newer.
/// </param>
/// <param name="IsLeaderBound">Whether the registration ends with the Raft term.</param>
public sealed record DirectoryEntry(GrainKey Grain, Guid ActivationId, string Silo, long MembershipVersion, bool IsLeaderBound)
{
    private const byte FormatVersion = 1;

    public void Encode(FieldWriter writer) =>
        writer.Byte(FormatVersion).Bytes(Grain.Encoded).Guid(ActivationId).Text(Silo).Int64(MembershipVersion).Byte(IsLeaderBound ? (byte)1 : (byte)0);

    public static DirectoryEntry Decode(ref FieldReader reader)
    {
        reader.Version(FormatVersion);
        GrainKey grain = GrainKey.Decode(reader.Bytes());
        return new DirectoryEntry(grain, reader.Guid(), reader.RequiredText(), reader.Int64(), reader.Byte() != 0);
    }

    /// <summary>Whether this is the named activation; a default activation id stands for any on that silo.</summary>
    public bool Is(Guid activationId, string silo) => Silo == silo && (activationId == ActivationId || activationId == default);
}
