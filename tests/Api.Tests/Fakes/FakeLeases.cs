using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Leases;

namespace Krewe.Api.Tests.Fakes;

/// <summary>Leases without a clock.</summary>
internal sealed class FakeLeases(FakeStatus status) : ILeaseClient
{
    private readonly Dictionary<long, long> _leases = [];

    public Dictionary<long, List<ReadOnlyMemory<byte>>> Keys { get; } = [];

    public EtcdError Failure { get; set; }

    public ValueTask<LeaseGrant> GrantAsync(long id, long ttlSeconds, CancellationToken cancellationToken)
    {
        Throw();
        var chosen = id == 0 ? 4711 : id;
        return _leases.TryAdd(chosen, ttlSeconds) ? new(new LeaseGrant(chosen, ttlSeconds)) : throw new EtcdException(EtcdError.LeaseExists);
    }

    public ValueTask<long> RevokeAsync(long id, CancellationToken cancellationToken) =>
        _leases.Remove(id) ? new(++status.Revision) : throw new EtcdException(EtcdError.LeaseNotFound);

    public ValueTask<long> KeepAliveAsync(long id, CancellationToken cancellationToken)
    {
        Throw();
        status.Revision++;
        return new(_leases.GetValueOrDefault(id));
    }

    public ValueTask<LeaseTimeToLive> TimeToLiveAsync(long id, bool withKeys, CancellationToken cancellationToken) =>
        new(_leases.TryGetValue(id, out var ttl)
            ? new LeaseTimeToLive(id, ttl - 1, ttl, withKeys ? Keys.GetValueOrDefault(id) ?? [] : [])
            : new LeaseTimeToLive(id, -1, 0, []));

    public ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken) => new([.. _leases.Keys]);

    private void Throw()
    {
        if (Failure != EtcdError.None)
        {
            throw new EtcdException(Failure);
        }
    }
}
