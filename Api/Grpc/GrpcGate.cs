using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Krewe.Api.Mapping;
using Krewe.Api.Metrics;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Grpc;

/// <summary>The checks that etcd makes before every RPC: API version and required leader (behaviours 340, 341).</summary>
internal sealed class GrpcGate(IMemberStatus status, LeaderMonitor leaders, ClientRequestCounters requests)
{
    public static readonly GrpcStatus NotSupportedForLearner = ErrorMapping.ToStatus(EtcdError.NotSupportedForLearner);

    private static readonly GrpcStatus BadTimeout = new(StatusCode.Internal, "malformed grpc-timeout");

    /// <summary>False, with the reason, when the call must not run.</summary>
    public bool TryEnter(GrpcCall call, out GrpcStatus refusal)
    {
        refusal = GrpcStatus.Ok;
        call.IsOnLearner = status.IsLearner && !call.IsRelayed;
        var metadata = call.Metadata;
        var timeout = metadata["grpc-timeout"];
        if (timeout.Count > 0 && !TrySetDeadline(call, timeout[0]))
        {
            refusal = BadTimeout;
            return false;
        }

        var version = metadata["client-api-version"];
        if (!ClientApiVersion.TryRead(version.Count > 0 ? version[0] : null, out var known))
        {
            refusal = ErrorMapping.ToStatus(EtcdError.InvalidClientApiVersion);
            return false;
        }

        requests.Count(call.Method.Kind != GrpcMethodKind.Unary, known);
        var hasLeader = metadata["hasleader"];
        return hasLeader.Count == 0 || hasLeader[0] != "true" || TryRequireLeader(call, out refusal);
    }

    private static bool TrySetDeadline(GrpcCall call, [NotNullWhen(true)] string? text)
    {
        if (text is null || !GrpcTimeout.TryParse(text, out var timeout))
        {
            return false;
        }

        call.SetDeadline(timeout);
        return true;
    }

    private bool TryRequireLeader(GrpcCall call, out GrpcStatus refusal)
    {
        if (status.LeaderId == 0)
        {
            refusal = ErrorMapping.ToStatus(EtcdError.NoLeader);
            return false;
        }

        refusal = GrpcStatus.Ok;
        if (call.Method.Kind != GrpcMethodKind.Unary)
        {
            call.RequiresLeader = leaders.LossToken;
            call.LinkTo(call.RequiresLeader);
        }

        return true;
    }
}
