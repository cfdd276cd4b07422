using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Microsoft.Extensions.Options;

namespace Krewe.Silo.Clustering;

/// <summary>Typed proposals of cluster commands, each with a time limit.</summary>
internal sealed class RaftProposals
{
    private readonly ICommandProposer _proposer;
    private readonly RaftClusteringOptions _options;

    public RaftProposals(ICommandProposer proposer, IOptions<RaftClusteringOptions> options)
    {
        _proposer = proposer;
        _options = options.Value;
    }

    public async Task<SiloCommandResult> ProposeAsync(SiloCommand command, CancellationToken cancellationToken)
    {
        object? result = await ProposeAsync(CommandKind.SiloMembership, command.Encode(), cancellationToken).ConfigureAwait(false);
        return (SiloCommandResult)result!;
    }

    /// <summary>For a Register the entry that holds afterwards; null if it was refused, and for other commands.</summary>
    public async Task<DirectoryEntry?> ProposeAsync(DirectoryCommand command, CancellationToken cancellationToken)
    {
        object? result = await ProposeAsync(CommandKind.GrainDirectory, command.Encode(), cancellationToken).ConfigureAwait(false);
        return (DirectoryEntry?)result;
    }

    /// <summary>False if the barrier was not passed in time; what is applied here may then be behind.</summary>
    public async Task<bool> TryReadBarrierAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.ReadBarrierTimeout);
        try
        {
            await _proposer.ReadBarrierAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (IsUnavailable(exception) && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whether the group could not be asked, rather than something being wrong with the question.</summary>
    public static bool IsUnavailable(Exception exception) =>
        exception is Grains.Interfaces.Errors.EtcdException or OperationCanceledException or TimeoutException;

    private async Task<object?> ProposeAsync(CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.ProposalTimeout);
        try
        {
            return await _proposer.ProposeAsync(kind, payload, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"A {kind} command was not committed within {_options.ProposalTimeout}.", exception);
        }
    }
}
