using System.Collections.Immutable;
using System.Globalization;
using Krewe.Grains.Cluster.Codec;

namespace Krewe.Grains.Cluster.Silos;

/// <summary>One generation of a silo, as Orleans' membership protocol sees it, without Orleans' types. Times are UTC ticks of 100 ns.</summary>
public sealed record SiloRow
{
    private const byte FormatVersion = 1;

    /// <summary>The silo's address and generation in Orleans' parsable form; the row's key.</summary>
    public required string Silo { get; init; }

    public SiloRowStatus Status { get; init; }

    /// <summary>The cluster member that runs the silo; 0 if it is not known.</summary>
    public ulong MemberId { get; init; }

    /// <summary>Table version at the last compare-and-swap of this row: what its next one must name.</summary>
    public long Etag { get; init; }

    public string? HostName { get; init; }

    public string? SiloName { get; init; }

    public string? RoleName { get; init; }

    public int ProxyPort { get; init; }

    public int UpdateZone { get; init; }

    public int FaultZone { get; init; }

    public long StartTimeTicks { get; init; }

    public long AliveTimeTicks { get; init; }

    public ImmutableArray<SiloVote> Votes { get; init; } = [];

    /// <summary>The etag as Orleans passes it around.</summary>
    public string EtagText => Etag.ToString(CultureInfo.InvariantCulture);

    /// <summary>The last sign of life.</summary>
    public long LastSeenTicks => Math.Max(StartTimeTicks, AliveTimeTicks);

    public void Encode(FieldWriter writer)
    {
        writer.Byte(FormatVersion).Text(Silo).Byte((byte)Status).UInt64(MemberId).Int64(Etag)
            .Text(HostName).Text(SiloName).Text(RoleName).Int32(ProxyPort).Int32(UpdateZone).Int32(FaultZone)
            .Int64(StartTimeTicks).Int64(AliveTimeTicks).Int32(Votes.Length);
        foreach (SiloVote vote in Votes)
        {
            writer.Text(vote.Silo).Int64(vote.TimeTicks);
        }
    }

    public static SiloRow Decode(ref FieldReader reader)
    {
        reader.Version(FormatVersion);
        return new SiloRow
        {
            Silo = reader.RequiredText(),
            Status = (SiloRowStatus)reader.Byte(),
            MemberId = reader.UInt64(),
            Etag = reader.Int64(),
            HostName = reader.Text(),
            SiloName = reader.Text(),
            RoleName = reader.Text(),
            ProxyPort = reader.Int32(),
            UpdateZone = reader.Int32(),
            FaultZone = reader.Int32(),
            StartTimeTicks = reader.Int64(),
            AliveTimeTicks = reader.Int64(),
            Votes = DecodeVotes(ref reader),
        };
    }

    private static ImmutableArray<SiloVote> DecodeVotes(ref FieldReader reader)
    {
        int count = reader.Count();
        var votes = ImmutableArray.CreateBuilder<SiloVote>(count);
        for (int i = 0; i < count; i++)
        {
            votes.Add(new SiloVote(reader.RequiredText(), reader.Int64()));
        }

        return votes.MoveToImmutable();
    }
}
