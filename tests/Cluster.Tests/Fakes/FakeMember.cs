using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>One member's view of a <see cref="FakeCluster"/>.</summary>
internal sealed class FakeMember(FakeCluster cluster, ulong memberId) : ICommandProposer, ILeadership
{
    private int _directoryProposals;
    private int _siloProposals;
    private volatile bool _hasQuorum = true;

    public ulong MemberId => memberId;

    public ulong LeaderId => cluster.LeaderId;

    public ulong Term => cluster.State.Term;

    public bool IsReadyLeader => LeaderId == MemberId && cluster.IsReady;

    /// <summary>Without a quorum every proposal and barrier fails as of unknown outcome.</summary>
    public bool HasQuorum
    {
        get => _hasQuorum;
        set => _hasQuorum = value;
    }

    /// <summary>Proposed directory commands; the silo itself proposes none while nothing happens.</summary>
    public int DirectoryProposals => Volatile.Read(ref _directoryProposals);

    /// <summary>Proposed membership commands, signs of life included.</summary>
    public int SiloProposals => Volatile.Read(ref _siloProposals);

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => cluster.Change.WaitAsync(cancellationToken);

    public async ValueTask<object?> ProposeAsync(CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref kind == CommandKind.GrainDirectory ? ref _directoryProposals : ref _siloProposals);
        await Task.Yield();
        return HasQuorum ? cluster.State.Apply(kind, payload.Span) : throw new EtcdException(EtcdError.Timeout);
    }

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) =>
        HasQuorum ? ValueTask.CompletedTask : ValueTask.FromException(new EtcdException(EtcdError.Timeout));
}
