using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Validation;

/// <summary>What RangeStream cannot do (behaviour 50).</summary>
internal static class RangeStreamChecks
{
    private static readonly GrpcStatus CustomSort = new(StatusCode.Unimplemented, "RangeStream does not support custom sort orders");

    private static readonly GrpcStatus RevisionFilters = new(StatusCode.Unimplemented, "RangeStream does not support revision filters");

    public static GrpcStatus Check(RangeRequest request)
    {
        var error = KvChecks.Range(request);
        if (error != EtcdError.None)
        {
            return ErrorMapping.ToStatus(error);
        }

        if (request.SortOrder != SortOrder.None && !(request.SortOrder == SortOrder.Ascend && request.SortTarget == SortTarget.Key))
        {
            return CustomSort;
        }

        return request.MinModRevision != 0 || request.MaxModRevision != 0 || request.MinCreateRevision != 0 || request.MaxCreateRevision != 0
            ? RevisionFilters
            : GrpcStatus.Ok;
    }
}
