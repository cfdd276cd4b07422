using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Krewe.Silo.Clustering;

/// <summary>
/// Typed proposals of cluster commands, each with a time limit. While the host stops the limit is short, and after one was missed nothing is asked
/// for any more: when all members stop at once the last ones have no quorum, and nobody to tell.
/// </summary>
internal sealed class RaftProposals
{
    private readonly ICommandProposer _proposer;
    private readonly RaftClusteringOptions _options;
    private readonly CancellationToken _stopping;
    private bool _hasGivenUp;

    public RaftProposals(ICommandProposer proposer, IOptions<RaftClusteringOptions> options, IHostApplicationLifetime lifetime)
    {
        _proposer = proposer;
        _options = options.Value;
        _stopping = lifetime.ApplicationStopping;
    }

    /// <summary>Whether the host stops.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

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
        try
        {
            await LimitAsync(
                static async (self, token) =>
                {
                    await self._proposer.ReadBarrierAsync(token).ConfigureAwait(false);
                    return (object?)null;
                },
                this,
                _options.ReadBarrierTimeout,
                cancellationToken).ConfigureAwait(false);
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

    private Task<object?> ProposeAsync(CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => LimitAsync(
        static (call, token) => call.Proposer.ProposeAsync(call.kind, call.payload, token),
        (Proposer: _proposer, kind, payload),
        _options.ProposalTimeout,
        cancellationToken);

    private async Task<object?> LimitAsync<TState>(
        Func<TState, CancellationToken, ValueTask<object?>> call, TState state, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _hasGivenUp))
        {
            throw new TimeoutException("The host stops, and there is no quorum.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using var stop = _stopping.Register(() => limit.CancelAfter(_options.StopTimeout));
        try
        {
            return await call(state, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            _hasGivenUp |= IsStopping;
            throw new TimeoutException("The Raft group did not answer in time.", exception);
        }
    }
}
