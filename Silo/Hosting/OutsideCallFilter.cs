using System.Collections.Frozen;
using Krewe.Grains.Interfaces.Gateway;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Krewe.Silo.Hosting;

/// <summary>
/// Lets Orleans clients outside of the cluster call what is made for them, and nothing else: the grains behind it trust their callers. Who calls is told by
/// the message, so this keeps honest clients to what is meant for them; strangers are kept away from the port (docs/reference/threat-model.md).
/// </summary>
internal sealed partial class OutsideCallFilter(ILogger<OutsideCallFilter> logger, TimeProvider time) : IIncomingGrainCallFilter
{
    /// <summary>Shortest time between two lines in the log: whoever is refused may try again as fast as it likes.</summary>
    private static readonly TimeSpan LogPause = TimeSpan.FromSeconds(10);

    /// <summary>How Orleans passes on that the caller has cancelled a call: with the caller's id and that of the call.</summary>
    private const string Cancellation = "Orleans.Runtime.IGrainCallCancellationExtension";

    /// <summary>Ids of the clients within silos begin with it.</summary>
    private const string HostedClient = "hosted-";

    private static readonly FrozenSet<string> Allowed = new[]
    {
        typeof(IMemberGrain).FullName!, typeof(IRpcStreamGrain).FullName!, typeof(IWatchRelayGrain).FullName!,

        // How a client learns which grains there are.
        "Orleans.Runtime.IClusterManifestSystemTarget",
    }.ToFrozenSet(StringComparer.Ordinal);

    private long _lastLog = long.MinValue;
    private int _unlogged;

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is not { } source || !IsOutside(source) || IsAllowed(context, source))
        {
            return context.Invoke();
        }

        Log(context, source);
        return Task.FromException(new UnauthorizedAccessException($"{context.InterfaceName} is not for clients outside of the cluster"));
    }

    internal static bool IsOutside(GrainId caller) =>
        caller.IsClient() && !caller.Key.ToString()!.StartsWith(HostedClient, StringComparison.Ordinal);

    private static bool IsAllowed(IIncomingGrainCallContext context, GrainId source) => context.Request.GetInterfaceName() switch
    {
        null => false,
        Cancellation => context.Grain is IMemberGrain or IRpcStreamGrain or IWatchRelayGrain && IsOwn(context.Request, source),
        var name => Allowed.Contains(name),
    };

    /// <summary>Nobody cancels what somebody else has called.</summary>
    private static bool IsOwn(IInvokable cancellation, GrainId source) =>
        cancellation.GetArgumentCount() > 0 && cancellation.GetArgument(0) is GrainId caller && caller == source;

    private void Log(IIncomingGrainCallContext context, GrainId source)
    {
        var last = Volatile.Read(ref _lastLog);
        var now = time.GetTimestamp();
        if ((last != long.MinValue && time.GetElapsedTime(last, now) < LogPause) || Interlocked.CompareExchange(ref _lastLog, now, last) != last)
        {
            Interlocked.Increment(ref _unlogged);
            return;
        }

        LogRefused(context.InterfaceName, context.MethodName, source, Interlocked.Exchange(ref _unlogged, 0));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "refused {Interface}.{Method} to the Orleans client {Caller}, and {More} calls before it")]
    private partial void LogRefused(string @interface, string method, GrainId caller, int more);
}
