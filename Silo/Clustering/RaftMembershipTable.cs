using System.Globalization;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>Orleans' membership table as replicated state: no external store (design, section 4).</summary>
internal sealed partial class RaftMembershipTable : IMembershipTable
{
    private readonly SiloTable _silos;
    private readonly RaftProposals _proposals;
    private readonly ILeadership _leadership;
    private readonly ILocalSiloDetails _localSilo;
    private readonly TimeProvider _time;
    private readonly RaftClusteringOptions _options;
    private readonly ILogger<RaftMembershipTable> _logger;

    public RaftMembershipTable(
        SiloTable silos,
        RaftProposals proposals,
        ILeadership leadership,
        ILocalSiloDetails localSilo,
        TimeProvider time,
        IOptions<RaftClusteringOptions> options,
        ILogger<RaftMembershipTable> logger)
    {
        _silos = silos;
        _proposals = proposals;
        _leadership = leadership;
        _localSilo = localSilo;
        _time = time;
        _options = options.Value;
        _logger = logger;
    }

    /// <summary>
    /// Waits for a quorum, because Orleans does not try this again, and declares this member's earlier generations Dead: a joiner
    /// would ping them for minutes, and Orleans itself recognises them only at the same address.
    /// </summary>
    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        string self = _localSilo.SiloAddress.ToParsableString();
        SiloCommand supersede = SiloCommand.SupersedeMember(_leadership.MemberId, self);
        long start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await _proposals.ProposeAsync(supersede, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (RaftProposals.IsUnavailable(exception) && _time.GetElapsedTime(start) < _options.StartTimeout)
            {
                LogNoQuorum(_logger, exception);
                await Task.Delay(_options.StartRetryDelay, _time).ConfigureAwait(false);
            }
        }
    }

    public Task DeleteMembershipTableEntries(string clusterId) => _proposals.ProposeAsync(SiloCommand.Clear(), CancellationToken.None);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        _proposals.ProposeAsync(SiloCommand.Cleanup(beforeDate.UtcTicks), CancellationToken.None);

    public async Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        await CatchUpAsync().ConfigureAwait(false);
        return SiloRowMapping.ToTable(_silos.Current, key);
    }

    public async Task<MembershipTableData> ReadAll()
    {
        await CatchUpAsync().ConfigureAwait(false);
        return SiloRowMapping.ToTable(_silos.Current);
    }

    public async Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        if (!TryGetExpectedVersion(tableVersion, out long expected))
        {
            return false;
        }

        SiloCommand command = SiloCommand.Insert(ToRow(entry), expected);
        return await _proposals.ProposeAsync(command, CancellationToken.None).ConfigureAwait(false) == SiloCommandResult.Applied;
    }

    public async Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        if (!TryGetExpectedVersion(tableVersion, out long expected) || !TryParse(etag, out long expectedEtag))
        {
            return false;
        }

        SiloCommand command = SiloCommand.Update(ToRow(entry), expectedEtag, expected);
        return await _proposals.ProposeAsync(command, CancellationToken.None).ConfigureAwait(false) == SiloCommandResult.Applied;
    }

    public Task UpdateIAmAlive(MembershipEntry entry) =>
        _proposals.ProposeAsync(SiloCommand.Alive(entry.SiloAddress.ToParsableString(), entry.IAmAliveTime.Ticks), CancellationToken.None);

    /// <summary>Orleans sends the next version together with the etag of the one that it has read.</summary>
    private static bool TryGetExpectedVersion(TableVersion next, out long expected) =>
        TryParse(next.VersionEtag, out expected) && next.Version == expected + 1;

    private static bool TryParse(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>
    /// Tries to read what was committed when the call began. Without a quorum nothing can be committed, so the applied table is as new as
    /// it gets for this member; every change is a compare-and-swap that an old table cannot win.
    /// </summary>
    private async Task CatchUpAsync()
    {
        if (!await _proposals.TryReadBarrierAsync(CancellationToken.None).ConfigureAwait(false))
        {
            LogStaleRead(_logger);
        }
    }

    private SiloRow ToRow(MembershipEntry entry)
    {
        bool local = entry.SiloAddress.Equals(_localSilo.SiloAddress);
        return SiloRowMapping.ToRow(entry, local ? _leadership.MemberId : 0);
    }
}
