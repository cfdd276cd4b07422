using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Keyspace;
using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>
/// The replicated grain directory as Orleans sees it: Register is a committed compare-and-swap, Lookup reads what is applied here
/// (design, section 4).
/// </summary>
internal sealed partial class RaftGrainDirectory : IGrainDirectory
{
    private readonly DirectoryTable _directory;
    private readonly DirectoryMirror _mirror;
    private readonly RaftProposals _proposals;
    private readonly UnregisterQueue _unregistrations;
    private readonly LeaderBoundGrains _leaderBound;
    private readonly LeaderWait _leaderWait;
    private readonly ILeadership _leadership;
    private readonly ILogger<RaftGrainDirectory> _logger;

    public RaftGrainDirectory(
        DirectoryTable directory,
        DirectoryMirror mirror,
        RaftProposals proposals,
        LeaderBoundGrains leaderBound,
        LeaderWait leaderWait,
        ILeadership leadership,
        ILogger<RaftGrainDirectory> logger)
    {
        _directory = directory;
        _mirror = mirror;
        _proposals = proposals;
        _unregistrations = new UnregisterQueue(proposals);
        _leaderBound = leaderBound;
        _leaderWait = leaderWait;
        _leadership = leadership;
        _logger = logger;
    }

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null, CancellationToken.None);

    public Task<GrainAddress?> Register(GrainAddress address, CancellationToken cancellationToken) => Register(address, null, cancellationToken);

    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress) =>
        Register(address, previousAddress, CancellationToken.None);

    /// <summary>
    /// Answers the address that is registered afterwards, which may be another's; null if it was refused: a silo that is Dead, or a
    /// leader-placed grain on a silo that does not lead. Null makes Orleans give the activation up at once.
    /// </summary>
    public async Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress, CancellationToken cancellationToken)
    {
        bool leaderBound = _leaderBound.Contains(address.GrainId.Type);
        if (leaderBound && !await _leaderWait.IsReadyHereAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        ActivationAddress? previous = previousAddress is null ? null : GrainAddressMapping.ToActivation(previousAddress);
        DirectoryEntry wanted = GrainAddressMapping.ToEntry(address, leaderBound);
        DirectoryCommand command = DirectoryCommand.Register(wanted, previous, _leadership.Term);
        DirectoryEntry? holds = await _proposals.ProposeAsync(command, cancellationToken).ConfigureAwait(false);
        if (holds is null)
        {
            LogRefused(_logger, address);
        }

        return holds is null ? null : GrainAddressMapping.ToAddress(holds);
    }

    public Task Unregister(GrainAddress address)
    {
        // Orleans gives no activation id for activations that never were: nothing is registered for those.
        bool names = !address.ActivationId.IsDefault && address.SiloAddress is not null;
        return names ? _unregistrations.AddAsync(GrainAddressMapping.ToActivation(address)) : Task.CompletedTask;
    }

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult(_mirror.Find(grainId));

    /// <summary>
    /// Called by every survivor for every dead silo. The row that went Dead has taken the entries with it, so there is nothing to do
    /// but in an application with another membership provider. Never throws: one exception would end Orleans' clean-up for good.
    /// </summary>
    public async Task UnregisterSilos(List<SiloAddress> siloAddresses)
    {
        try
        {
            var silos = siloAddresses.Select(silo => silo.ToParsableString()).Where(_directory.HasEntriesOn).ToList();
            foreach (string[] part in silos.Chunk(DirectoryCommand.MaxItems))
            {
                await _proposals.ProposeAsync(DirectoryCommand.RemoveSilos(part), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            LogPurgeFailed(_logger, exception);
        }
    }
}
