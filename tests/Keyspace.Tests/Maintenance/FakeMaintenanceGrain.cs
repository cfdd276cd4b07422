using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Replication;

namespace Krewe.Keyspace.Tests.Maintenance;

/// <summary>Compacts a keyspace in memory at once, and remembers what it was asked for.</summary>
internal sealed class FakeMaintenanceGrain(KeyspaceHarness keyspace) : IMaintenanceGrain
{
    public List<long> Compactions { get; } = [];

    /// <summary>How many of the next compactions fail.</summary>
    public int Failures { get; set; }

    public ValueTask<Committed<CompactResult>> CompactAsync(long revision)
    {
        if (Failures > 0)
        {
            Failures--;
            return ValueTask.FromException<Committed<CompactResult>>(new EtcdException(EtcdError.Timeout));
        }

        keyspace.Compact(revision);
        Compactions.Add(revision);
        return ValueTask.FromResult(new Committed<CompactResult>(new CompactResult { Revision = keyspace.State.Revision }, 0));
    }

    public ValueTask<Committed<bool>> ActivateAlarmAsync(Alarm alarm) => throw new NotSupportedException();

    public ValueTask<Committed<bool>> DeactivateAlarmAsync(Alarm alarm) => throw new NotSupportedException();
}
