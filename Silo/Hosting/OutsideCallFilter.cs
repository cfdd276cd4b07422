using System.Collections.Frozen;
using Krewe.Grains.Interfaces.Gateway;
using Orleans.Runtime;

namespace Krewe.Silo.Hosting;

/// <summary>
/// Lets Orleans clients outside of the cluster call what is made for them, and nothing else: the grains behind it trust their callers. Who calls is told by
/// the message, so this keeps honest clients to what is meant for them; strangers are kept away from the port (docs/reference/threat-model.md).
/// </summary>
internal sealed partial class OutsideCallFilter(ILogger<OutsideCallFilter> logger) : IIncomingGrainCallFilter
{
    /// <summary>Ids of the clients within silos begin with it.</summary>
    private const string HostedClient = "hosted-";

    private static readonly FrozenSet<string> Allowed = new[]
    {
        typeof(IMemberGrain).FullName!, typeof(IRpcStreamGrain).FullName!, typeof(IWatchRelayGrain).FullName!,

        // How a client learns which grains there are.
        "Orleans.Runtime.IClusterManifestSystemTarget",
    }.ToFrozenSet(StringComparer.Ordinal);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is not { } source || !IsOutside(source) || Allowed.Contains(context.Request.GetInterfaceName() ?? ""))
        {
            return context.Invoke();
        }

        LogRefused(context.InterfaceName, context.MethodName, source);
        return Task.FromException(new UnauthorizedAccessException($"{context.InterfaceName} is not for clients outside of the cluster"));
    }

    internal static bool IsOutside(GrainId caller) =>
        caller.IsClient() && !caller.Key.ToString()!.StartsWith(HostedClient, StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "refused {Interface}.{Method} to the Orleans client {Caller}")]
    private partial void LogRefused(string @interface, string method, GrainId caller);
}
