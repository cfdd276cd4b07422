using System.Net;
using System.Net.Security;

namespace Krewe.Benchmarks.Load;

/// <summary>What a run does, whatever server it is run against.</summary>
/// <param name="Connections">TCP connections; the clients are spread over them.</param>
/// <param name="Clients">Each has one request in flight at a time.</param>
/// <param name="Total">Operations to measure instead of a duration; 0: by duration.</param>
/// <param name="KeyCount">Keys that exist before the run; requests choose among them evenly.</param>
/// <param name="MixedReadShare">Share of linearizable gets in the mixed workload.</param>
/// <param name="Watchers">Watches of the watch workload, each on the whole prefix.</param>
/// <param name="WatchStreams">gRPC streams that carry the watches.</param>
/// <param name="WatchRate">Puts per second of the watch workload; 0: as fast as the clients get answers.</param>
internal sealed record LoadSettings(
    int Connections,
    int Clients,
    TimeSpan Warmup,
    TimeSpan Duration,
    long Total,
    int KeyCount,
    int KeySize,
    int ValueSize,
    double MixedReadShare,
    int Watchers,
    int WatchStreams,
    int WatchRate,
    ulong Seed,
    ClientKind Client)
{
    public bool ReadShareIsValid => MixedReadShare is >= 0 and <= 1;

    public IReadOnlyList<IPEndPoint> Endpoints { get; init; } = [];

    /// <summary>How to secure the connections; null: in clear.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Who the connections log in as, in turn; empty: auth is off.</summary>
    public IReadOnlyList<Credentials> Users { get; init; } = [];

    /// <summary>Clients of the workload of logins that reconnect over and over.</summary>
    public int LoginClients { get; init; }

    /// <summary>How long each of them stays away after a login.</summary>
    public TimeSpan LoginPause { get; init; }
}
