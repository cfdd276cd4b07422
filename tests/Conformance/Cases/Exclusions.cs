namespace Krewe.Conformance.Cases;

/// <summary>Behaviours of the sections in scope without a conformance case of their own.</summary>
internal static class Exclusions
{
    private const string Cluster = "needs several members or a lost leader";
    private const string Tls = "needs TLS";
    private const string Clock = "takes minutes or hours by definition";
    private const string Racy = "no request from outside can bring it about reliably";

    /// <summary>Shown by another test than a conformance case.</summary>
    public static IReadOnlyDictionary<int, string> ShownElsewhere { get; } = new SortedDictionary<int, string>
    {
        [53] = "Api.Tests, GatewayEndpointTests: no path leads to RangeStream",
        [201] = "Keyspace.Tests, SimpleTokensTests and Cases.Auth.AuthTokenCases",
        [230] = "Tls.CommonNameTests",
        [231] = "Tls.CommonNameTests",
        [232] = "Tls.CommonNameTests",
        [233] = "Silo.Tests, BcryptPasswordsTests",
        [360] = "Crash.CrashTests and Differential.DifferentialTests",
    };

    /// <summary>Left out, with the reason.</summary>
    public static IReadOnlyDictionary<int, string> Reasons { get; } = new SortedDictionary<int, string>(
        Because(Cluster, 41, 96, 109, 140, 141, 156, 175, 176, 179, 180, 183, 350, 351, 352, 353, 354, 356)
            .Concat(Because(Tls, 317, 345))
            .Concat(Because("white space that the specification calls unstable", 327))
            .Concat(Because(Clock, 108, 343))
            .Concat(Because(Racy, 190))
            .Concat(Because("the specification itself says not to rely on either outcome", 347))
            .Concat(Because("a property of the official clients", 357))
            .ToDictionary());

    private static IEnumerable<KeyValuePair<int, string>> Because(string reason, params int[] behaviours) =>
        behaviours.Select(b => KeyValuePair.Create(b, reason));
}
