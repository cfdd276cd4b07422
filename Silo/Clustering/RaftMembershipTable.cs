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

    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <summary>
    /// Waits for a quorum, because Orleans does not try this again, and declares this member's earlier generations Dead: a joiner
    /// would ping them for minutes, and Orleans itself recognises them only at the same address.
    /// </summary>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        string self = _localSilo.SiloAddress.ToParsableString();
        SiloCommand supersede = SiloCommand.SupersedeMember(_leadership.MemberId, self);
        long start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await _proposals.ProposeAsync(supersede, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (MayTryAgain(exception, start) && !cancellationToken.IsCancellationRequested)
            {
                LogNoQuorum(_logger, exception);
                await Task.Delay(_options.StartRetryDelay, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        _proposals.ProposeAsync(SiloCommand.Clear(), cancellationToken);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        _proposals.ProposeAsync(SiloCommand.Cleanup(beforeDate.UtcTicks), cancellationToken);

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        return SiloRowMapping.ToTable(_silos.Current, key);
    }

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        return SiloRowMapping.ToTable(_silos.Current);
    }

    public async Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        if (!TryGetExpectedVersion(tableVersion, out long expected))
        {
            return false;
        }

        SiloRow row = ToRow(entry);
        return await ChangeAsync(entry, expected, version => SiloCommand.Insert(row, version), cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        if (!TryGetExpectedVersion(tableVersion, out long expected) || !TryParse(etag, out long expectedEtag))
        {
            return false;
        }

        SiloRow row = ToRow(entry);
        return await ChangeAsync(entry, expected, version => SiloCommand.Update(row, expectedEtag, version), cancellationToken).ConfigureAwait(false);
    }

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) =>
        _proposals.ProposeAsync(SiloCommand.Alive(entry.SiloAddress.ToParsableString(), entry.IAmAliveTime.Ticks), cancellationToken);

    /// <summary>
    /// Changes a row. For this silo's own row, a change of another row that came in between is no reason to fail: it says nothing of this one, and
    /// Orleans would pause for two seconds, with several silos starting or stopping at once again and again. The row's etag still guards it. While the
    /// host stops without a quorum the change counts as made: nobody can be told, and the others declare this silo Dead when they can.
    /// </summary>
    private async Task<bool> ChangeAsync(
        MembershipEntry entry, long expectedVersion, Func<long, SiloCommand> command, CancellationToken cancellationToken)
    {
        bool isOwn = entry.SiloAddress.Equals(_localSilo.SiloAddress);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                SiloCommandResult result = await _proposals.ProposeAsync(command(expectedVersion), cancellationToken).ConfigureAwait(false);
                if (result != SiloCommandResult.VersionConflict || !isOwn || attempt == _options.MaxRowAttempts)
                {
                    return result == SiloCommandResult.Applied;
                }

                expectedVersion = _silos.Current.Version;
            }
        }
        catch (Exception exception) when (isOwn && _proposals.IsStopping && RaftProposals.IsUnavailable(exception))
        {
            LogNoFarewell(_logger, entry.Status);
            return true;
        }
    }

    /// <summary>Orleans sends the next version together with the etag of the one that it has read.</summary>
    private static bool TryGetExpectedVersion(TableVersion next, out long expected) =>
        TryParse(next.VersionEtag, out expected) && next.Version == expected + 1;

    private static bool TryParse(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>
    /// Tries to read what was committed when the call began. Without a quorum nothing can be committed, so the applied table is as new as
    /// it gets for this member; every change is a compare-and-swap that an old table cannot win.
    /// </summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (!await _proposals.TryReadBarrierAsync(cancellationToken).ConfigureAwait(false))
        {
            LogStaleRead(_logger);
        }
    }

    private bool MayTryAgain(Exception exception, long start) =>
        RaftProposals.IsUnavailable(exception) && !_proposals.IsStopping && (_options.StartTimeout == Timeout.InfiniteTimeSpan || _time.GetElapsedTime(start) < _options.StartTimeout);

    private SiloRow ToRow(MembershipEntry entry)
    {
        bool local = entry.SiloAddress.Equals(_localSilo.SiloAddress);
        return SiloRowMapping.ToRow(entry, local ? _leadership.MemberId : 0);
    }
}
