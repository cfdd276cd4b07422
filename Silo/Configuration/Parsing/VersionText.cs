using System.Runtime.InteropServices;
using Krewe.Grains.Interfaces;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>The text of <c>--version</c>.</summary>
internal static class VersionText
{
    /// <summary>Krewe's own version, such as 0.1.0.</summary>
    public static string Krewe { get; } = typeof(VersionText).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static string Create() =>
        $"krewe Version: {Krewe}\n"
        + $"etcd API: {EtcdVersion.Server}\n"
        + $"Runtime: {RuntimeInformation.FrameworkDescription}\n"
        + $"OS/Arch: {RuntimeInformation.RuntimeIdentifier}\n";
}
