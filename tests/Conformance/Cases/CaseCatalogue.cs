using Krewe.Conformance.Cases.Auth;
using Krewe.Conformance.Cases.Availability;
using Krewe.Conformance.Cases.Compactions;
using Krewe.Conformance.Cases.Concurrency;
using Krewe.Conformance.Cases.Gateway;
using Krewe.Conformance.Cases.Http;
using Krewe.Conformance.Cases.Kv;
using Krewe.Conformance.Cases.Leases;
using Krewe.Conformance.Cases.Membership;
using Krewe.Conformance.Cases.Rpc;
using Krewe.Conformance.Cases.Transactions;
using Krewe.Conformance.Cases.Watches;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases;

/// <summary>Every conformance case by its title.</summary>
internal static class CaseCatalogue
{
    public static IReadOnlyDictionary<string, ConformanceCase> All { get; } = Sources().ToDictionary(c => c.Title, StringComparer.Ordinal);

    private static IEnumerable<ConformanceCase> Sources() =>
    [
        .. RevisionCases.All, .. RangeCases.All, .. RangeStreamCases.All, .. PutDeleteCases.All,
        .. TxnCases.All, .. TxnLimitCases.All, .. CompareCases.All,
        .. CompactionCases.All,
        .. WatchCases.All, .. WatchEventCases.All, .. WatchProgressCases.All,
        .. LeaseCases.All,
        .. AuthManagementCases.All, .. AuthTokenCases.All, .. AuthPermissionCases.All, .. AuthGatewayCases.All, .. JwtCases.All,
        .. MembershipCases.All,
        .. LockCases.All, .. ElectionCases.All,
        .. HttpCases.All, .. HttpAlarmCases.All, .. GatewayCases.All, .. GrpcCases.All, .. PingCases.All, .. AvailabilityCases.All,
    ];
}
