using Krewe.Grains.Keyspace.Commands;

namespace Krewe.Grains.Keyspace.Modules;

/// <summary>Proposes commands that are evaluated when they are applied, such as compare-and-swap on a table row.</summary>
public interface ICommandProposer
{
    /// <summary>
    /// Appends the command (on a follower: has the leader append it), waits until it is committed and applied on this member, and
    /// answers what the module's Apply returned. Waits for a leader while there is none, until the token says stop. Throws
    /// <see cref="Interfaces.Errors.EtcdException"/> when the outcome is unknown.
    /// </summary>
    ValueTask<object?> ProposeAsync(CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Waits until this member has applied all that was committed when the call began (a linearizable read barrier).</summary>
    ValueTask ReadBarrierAsync(CancellationToken cancellationToken);
}
