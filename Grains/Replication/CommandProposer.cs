using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Prefixes;

namespace Krewe.Grains.Replication;

/// <summary>Proposes modules' commands at the tail of this member's log, waiting for leadership while there is none.</summary>
public sealed class CommandProposer(TailAppender appender, IReplicatedLog log) : ICommandProposer
{
    public async ValueTask<object?> ProposeAsync(CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        while (true)
        {
            var change = log.WaitForChangeAsync(cancellationToken);
            if (log.IsReadyLeader)
            {
                try
                {
                    return await appender.AppendModuleCommandAsync(log.Term, kind, payload).ConfigureAwait(false);
                }
                catch (NotOwnerException) when (!cancellationToken.IsCancellationRequested)
                {
                    // It certainly is not in the log; leadership may have changed a moment ago.
                    await Task.Delay(LeaderCall.RetryDelayMilliseconds, cancellationToken).ConfigureAwait(false);
                    continue;
                }
            }

            await change.ConfigureAwait(false);
        }
    }

    public async ValueTask ReadBarrierAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var change = log.WaitForChangeAsync(cancellationToken);
            try
            {
                await log.ReadBarrierAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (EtcdException e) when (e.Error is EtcdError.Timeout or EtcdError.LeaderChanged or EtcdError.NoLeader)
            {
                await change.ConfigureAwait(false);
            }
        }
    }
}
