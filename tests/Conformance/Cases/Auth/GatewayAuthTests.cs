using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Auth;

/// <summary>Users, tokens and permissions through a gateway, compared with etcd itself: what the gateway passes on is judged by the member.</summary>
public sealed class GatewayAuthTests
{
    private static readonly IReadOnlyDictionary<string, ConformanceCase> Cases =
        new[] { AuthManagementCases.All, AuthTokenCases.All, AuthPermissionCases.All, JwtCases.All }
            .SelectMany(cases => cases)
            .ToDictionary(c => c.Title, StringComparer.Ordinal);

    public static IEnumerable<TheoryDataRow<string>> Titles => Cases.Keys.Select(title => new TheoryDataRow<string>(title) { TestDisplayName = title });

    [Theory]
    [MemberData(nameof(Titles))]
    public Task A_gateway_answers_as_etcd_does(string title) => CaseRunner.RunBehindGatewayAsync(Cases[title]);
}
