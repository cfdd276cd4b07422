using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Replication;

namespace Krewe.Silo.Hosting;

/// <summary>Which silo the member has now. Between two, calls wait as they do without a leader (<see cref="LeaderCalls"/>).</summary>
internal sealed class CurrentSilo : ISiloPresence
{
    private Present _present = new(null, CancellationToken.None);

    private sealed record Present(IGrainFactory? Grains, CancellationToken Ending);

    /// <summary>Whether there is a silo.</summary>
    public bool IsPresent => Volatile.Read(ref _present).Grains is not null;

    /// <summary>Throws <see cref="EtcdException"/> with <see cref="EtcdError.NoLeader"/>, which says that nothing was done, while there is none.</summary>
    public IGrainFactory Grains => Volatile.Read(ref _present).Grains ?? throw new EtcdException(EtcdError.NoLeader);

    public CancellationToken Ending => Volatile.Read(ref _present).Ending;

    /// <summary>From now on calls go through this silo.</summary>
    /// <param name="grains">Its grain factory.</param>
    /// <param name="ending">Fires when it is given up.</param>
    public void Set(IGrainFactory grains, CancellationToken ending) => Volatile.Write(ref _present, new Present(grains, ending));

    /// <summary>There is no silo until the next <see cref="Set"/>.</summary>
    public void Clear() => Volatile.Write(ref _present, new Present(null, CancellationToken.None));
}
