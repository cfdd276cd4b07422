using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Validation;

/// <summary>etcd's checks of single operations, in etcd's order (behaviours 15, 32, 56, 57).</summary>
internal static class KvChecks
{
    public static EtcdError Range(RangeRequest request)
    {
        if (request.Key.IsEmpty)
        {
            return EtcdError.EmptyKey;
        }

        return request.SortOrder is < SortOrder.None or > SortOrder.Descend || request.SortTarget is < SortTarget.Key or > SortTarget.Value
            ? EtcdError.InvalidSortOption
            : EtcdError.None;
    }

    public static EtcdError Put(PutRequest request)
    {
        if (request.Key.IsEmpty)
        {
            return EtcdError.EmptyKey;
        }

        if (request.IgnoreValue && !request.Value.IsEmpty)
        {
            return EtcdError.ValueProvided;
        }

        return request.IgnoreLease && request.Lease != 0 ? EtcdError.LeaseProvided : EtcdError.None;
    }

    public static EtcdError DeleteRange(DeleteRangeRequest request) => request.Key.IsEmpty ? EtcdError.EmptyKey : EtcdError.None;
}
