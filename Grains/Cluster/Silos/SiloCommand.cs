using Krewe.Grains.Cluster.Codec;

namespace Krewe.Grains.Cluster.Silos;

/// <summary>Encodes and decodes commands on the silo membership table: format version, kind, operands.</summary>
public readonly record struct SiloCommand
{
    private const byte FormatVersion = 1;

    public SiloCommandKind Kind { get; private init; }

    /// <summary>The table version that a compare-and-swap expects.</summary>
    public long ExpectedVersion { get; private init; }

    /// <summary>The row etag that an update expects.</summary>
    public long ExpectedEtag { get; private init; }

    /// <summary>The new row of an insert or update. Member ID 0 keeps what the row had.</summary>
    public SiloRow? Row { get; private init; }

    /// <summary>The silo that is alive, that supersedes its member's other generations, or that is evicted.</summary>
    public string? Silo { get; private init; }

    public ulong MemberId { get; private init; }

    /// <summary>Sign of life, or exclusive end of what to clean up; UTC ticks.</summary>
    public long TimeTicks { get; private init; }

    public static SiloCommand Insert(SiloRow row, long expectedVersion) =>
        new() { Kind = SiloCommandKind.Insert, Row = row, ExpectedVersion = expectedVersion };

    public static SiloCommand Update(SiloRow row, long expectedEtag, long expectedVersion) =>
        new() { Kind = SiloCommandKind.Update, Row = row, ExpectedEtag = expectedEtag, ExpectedVersion = expectedVersion };

    public static SiloCommand Alive(string silo, long timeTicks) =>
        new() { Kind = SiloCommandKind.Alive, Silo = silo, TimeTicks = timeTicks };

    public static SiloCommand Cleanup(long beforeTicks) => new() { Kind = SiloCommandKind.Cleanup, TimeTicks = beforeTicks };

    public static SiloCommand Clear() => new() { Kind = SiloCommandKind.Clear };

    public static SiloCommand SupersedeMember(ulong memberId, string silo) =>
        new() { Kind = SiloCommandKind.SupersedeMember, MemberId = memberId, Silo = silo };

    public static SiloCommand Evict(string silo) => new() { Kind = SiloCommandKind.Evict, Silo = silo };

    public ReadOnlyMemory<byte> Encode()
    {
        FieldWriter writer = new FieldWriter().Byte(FormatVersion).Byte((byte)Kind);
        switch (Kind)
        {
            case SiloCommandKind.Insert:
                Row!.Encode(writer.Int64(ExpectedVersion));
                break;
            case SiloCommandKind.Update:
                Row!.Encode(writer.Int64(ExpectedVersion).Int64(ExpectedEtag));
                break;
            case SiloCommandKind.Alive:
                writer.Text(Silo).Int64(TimeTicks);
                break;
            case SiloCommandKind.Cleanup:
                writer.Int64(TimeTicks);
                break;
            case SiloCommandKind.SupersedeMember:
                writer.UInt64(MemberId).Text(Silo);
                break;
            case SiloCommandKind.Evict:
                writer.Text(Silo);
                break;
        }

        return writer.Written;
    }

    public static SiloCommand Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new FieldReader(payload);
        reader.Version(FormatVersion);
        var kind = (SiloCommandKind)reader.Byte();
        switch (kind)
        {
            case SiloCommandKind.Insert:
                long insertVersion = reader.Int64();
                return Insert(SiloRow.Decode(ref reader), insertVersion);
            case SiloCommandKind.Update:
                long updateVersion = reader.Int64();
                long etag = reader.Int64();
                return Update(SiloRow.Decode(ref reader), etag, updateVersion);
            case SiloCommandKind.Alive:
                return Alive(reader.RequiredText(), reader.Int64());
            case SiloCommandKind.Cleanup:
                return Cleanup(reader.Int64());
            case SiloCommandKind.Clear:
                return Clear();
            case SiloCommandKind.SupersedeMember:
                ulong memberId = reader.UInt64();
                return SupersedeMember(memberId, reader.RequiredText());
            case SiloCommandKind.Evict:
                return Evict(reader.RequiredText());
            default:
                throw new InvalidDataException($"Unknown silo membership command {(byte)kind}.");
        }
    }
}
