using System.Globalization;

namespace Krewe.Lab.Engine;

/// <summary>What the environment asks of a run.</summary>
internal static class LabSettings
{
    private const int DefaultSeconds = 2;
    private const int DefaultLongSeconds = 60;

    /// <summary>How long faults are injected in one scenario (KREWE_LAB_SECONDS).</summary>
    public static TimeSpan Duration => TimeSpan.FromSeconds(PeerPaths.Number("KREWE_LAB_SECONDS", DefaultSeconds));

    /// <summary>How long the scenario of all faults runs, for each size of cluster (KREWE_LAB_LONG_SECONDS).</summary>
    public static TimeSpan LongDuration => TimeSpan.FromSeconds(PeerPaths.Number("KREWE_LAB_LONG_SECONDS", DefaultLongSeconds));

    /// <summary>Seed of clients and faults (KREWE_LAB_SEED), else a random one. It repeats the requests, not the timing of processes.</summary>
    public static int Seed { get; } = PeerPaths.Number("KREWE_LAB_SEED", Random.Shared.Next(1, int.MaxValue));

    /// <summary>Servers that every scenario runs on (KREWE_LAB_SERVERS: krewe, etcd or both, separated by commas).</summary>
    private static string? Chosen => Environment.GetEnvironmentVariable("KREWE_LAB_SERVERS") is { Length: > 0 } text ? text : null;

    /// <summary>Skips what was not chosen. By default: Krewe everywhere, etcd where it checks the laboratory itself.</summary>
    /// <param name="byDefault">Whether etcd runs this scenario when nothing was chosen.</param>
    public static void Require(ServerKind kind, bool byDefault)
    {
        var wanted = Chosen is { } chosen
            ? chosen.Split(',').Contains(kind.ToString(), StringComparer.OrdinalIgnoreCase)
            : kind == ServerKind.Krewe || byDefault;
        Assert.SkipUnless(wanted, string.Create(CultureInfo.InvariantCulture, $"set KREWE_LAB_SERVERS={kind.ToString().ToLowerInvariant()} to run it"));
    }
}
