using Krewe.Silo.Configuration.Flags;

namespace Krewe.Silo.Tests.Configuration.Parsing;

/// <summary>For every flag of the catalog a value that is good and is not its default.</summary>
internal static class FlagSamples
{
    public static IEnumerable<FlagDefinition> Settable => FlagCatalog.All.Where(flag => flag.Name is not ("config-file" or "version"));

    public static string NotDefault(FlagDefinition flag) => flag switch
    {
        { Name: "auth-token" } => "simple,with=options",
        { Name: "initial-cluster" } => "default=http://127.0.0.1:12380",
        { Name: "auto-compaction-retention" } => "12",
        { Name: "feature-gates" } => "FastLeaseKeepAlive=true",
        { Name: "election-timeout" } => "2000",
        { Name: "cipher-suites" } => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        { Name: "tls-min-version" or "tls-max-version" } => "TLS1.3",
        { Choices.Count: > 0 } => flag.Choices.FirstOrDefault(choice => choice != flag.Default) ?? flag.Default,
        { Kind: FlagKind.Boolean } => flag.Default == "true" ? "false" : "true",
        { Kind: FlagKind.Duration } => "7s",
        { Kind: FlagKind.Integer or FlagKind.UnsignedInteger or FlagKind.UnsignedLong } => "17",
        { Kind: FlagKind.Urls or FlagKind.UrlsOrAll } => "http://127.0.0.1:12399",
        _ => "some-text",
    };

    /// <summary>The value in a configuration file: durations are nanoseconds there, texts are quoted.</summary>
    public static string InFile(FlagDefinition flag) => flag.Kind == FlagKind.Duration ? "7000000000" : $"'{NotDefault(flag)}'";

    /// <summary>What else must be given so that only the flag under test can be at fault.</summary>
    public static string[] Companions(FlagDefinition flag, bool ofDefault = false) => flag.Name switch
    {
        "listen-client-urls" => ["--advertise-client-urls=http://127.0.0.1:12399"],
        "peer-cert-file" when !ofDefault => ["--peer-key-file=k"],
        "peer-key-file" when !ofDefault => ["--peer-cert-file=c"],
        _ => [],
    };

    /// <summary>The same as lines of a configuration file, which has no rule about advertised URLs.</summary>
    public static string CompanionsInFile(FlagDefinition flag) => flag.Name == "listen-client-urls"
        ? ""
        : string.Concat(Companions(flag).Select(companion => companion.TrimStart('-').Replace("=", ": ", StringComparison.Ordinal) + "\n"));
}
