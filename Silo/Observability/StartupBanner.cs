using System.Text;
using Krewe.Grains.Interfaces;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Observability;

/// <summary>The few lines that a member prints when it starts.</summary>
internal static class StartupBanner
{
    /// <summary>Says what this is, where its data lies and which URLs serve what. IDs are in hexadecimal, as etcd prints them.</summary>
    public static string Create(ServerOptions options, ulong memberId, ulong clusterId)
    {
        var text = new StringBuilder();
        text.Append($"krewe {VersionText.Krewe}: a key-value store that speaks etcd {EtcdVersion.Server}, built on Orleans\n");
        Line(text, "member", $"{options.Name} ({memberId:x}) of cluster {clusterId:x}");
        Line(text, "data", Path.GetFullPath(options.Storage.DataDirectory));
        if (options.Storage.WalDirectory is { } walDirectory)
        {
            Line(text, "log", Path.GetFullPath(walDirectory));
        }

        Line(text, "clients", $"{Join(options.Listen.ClientUrls)}  (gRPC; HTTP: /health /livez /readyz /version /metrics)");
        Line(text, "peers", Join(options.Listen.PeerUrls));
        if (options.Listen.MetricsUrls.Count > 0)
        {
            Line(text, "metrics", $"{Join(options.Listen.MetricsUrls)}  (/metrics /health /livez /readyz)");
        }

        if (options.Storage.UnsafeNoFsync)
        {
            Line(text, "unsafe", "--unsafe-no-fsync is set: a power failure loses acknowledged writes");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string what, string value) =>
        text.Append("  ").Append(what.PadRight(8)).Append(' ').Append(value).Append('\n');

    private static string Join(IReadOnlyList<EtcdUrl> urls) => string.Join(", ", urls);
}
