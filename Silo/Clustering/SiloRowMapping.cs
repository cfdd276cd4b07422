using System.Globalization;
using Krewe.Grains.Cluster.Silos;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>Between Orleans' membership entries and the replicated rows.</summary>
internal static class SiloRowMapping
{
    public static SiloRow ToRow(MembershipEntry entry, ulong memberId) => new()
    {
        Silo = entry.SiloAddress.ToParsableString(),
        Status = (SiloRowStatus)entry.Status,
        MemberId = memberId,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        ProxyPort = entry.ProxyPort,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTimeTicks = entry.StartTime.Ticks,
        AliveTimeTicks = entry.IAmAliveTime.Ticks,
        Votes = entry.SuspectTimes is null ? [] : [.. entry.SuspectTimes.Select(vote => new SiloVote(vote.Item1.ToParsableString(), vote.Item2.Ticks))],
    };

    public static MembershipEntry ToEntry(SiloRow row) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(row.Silo),
        Status = (SiloStatus)row.Status,
        HostName = row.HostName!,
        SiloName = row.SiloName!,
        RoleName = row.RoleName,
        ProxyPort = row.ProxyPort,
        UpdateZone = row.UpdateZone,
        FaultZone = row.FaultZone,
        StartTime = new DateTime(row.StartTimeTicks, DateTimeKind.Utc),
        IAmAliveTime = new DateTime(row.AliveTimeTicks, DateTimeKind.Utc),
        SuspectTimes = [.. row.Votes.Select(ToVote)],
    };

    public static MembershipTableData ToTable(SiloTableSnapshot table) =>
        new([.. table.Rows.Values.Select(ToMember)], ToVersion(table));

    public static MembershipTableData ToTable(SiloTableSnapshot table, SiloAddress silo) =>
        table.Rows.TryGetValue(silo.ToParsableString(), out SiloRow? row)
            ? new MembershipTableData(ToMember(row), ToVersion(table))
            : new MembershipTableData(ToVersion(table));

    private static Tuple<MembershipEntry, string> ToMember(SiloRow row) => Tuple.Create(ToEntry(row), row.EtagText);

    private static TableVersion ToVersion(SiloTableSnapshot table) =>
        new(checked((int)table.Version), table.Version.ToString(CultureInfo.InvariantCulture));

    private static Tuple<SiloAddress, DateTime> ToVote(SiloVote vote) =>
        Tuple.Create(SiloAddress.FromParsableString(vote.Silo), new DateTime(vote.TimeTicks, DateTimeKind.Utc));
}
