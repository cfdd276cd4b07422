using Krewe.Silo.Configuration.Flags;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>The checks that need more than one value: refusals of what is not built yet, and rules between options.</summary>
internal static class OptionsValidator
{
    /// <summary>What is wrong with the flags as such, or null. Flags without effect are added to the warnings.</summary>
    public static string? ValidateFlags(FlagValues values, List<string> warnings)
    {
        if (values.Explicit.FirstOrDefault(flag => flag.Support == FlagSupport.NotYet && values.IsChanged(flag)) is { } refused)
        {
            return Refusal(refused, values.SourceOf(refused.Name));
        }

        if (values.IsSet("initial-cluster") && values.Text("initial-cluster").Length > 0 && values.Text("discovery-srv").Length > 0)
        {
            return "multiple discovery or bootstrap flags are set. Choose one of \"initial-cluster\", \"discovery\", \"discovery-endpoints\" or \"discovery-srv\"";
        }

        // A configuration file keeps the default advertised URLs instead, as etcd does (behaviour 363).
        if (values.SourceOf("listen-client-urls") is FlagSource.CommandLine or FlagSource.Environment
            && !values.IsSet("advertise-client-urls"))
        {
            return "--advertise-client-urls is required when --listen-client-urls is set explicitly";
        }

        warnings.AddRange(values.Explicit
            .Where(flag => flag.Support == FlagSupport.AcceptedNoEffect && values.IsChanged(flag))
            .Select(flag => $"--{flag.Name} has no effect in krewe: {flag.Reason}"));
        return FeatureGates.Validate(values.Text("feature-gates"), warnings);
    }

    /// <summary>What is wrong with the options, or null.</summary>
    public static string? ValidateOptions(ServerOptions options) =>
        ValidateName(options.Name)
        ?? options.Listen.Validate()
        ?? options.Tls.Validate(options.Listen)
        ?? options.Cluster.Validate()
        ?? options.RaftTiming.Validate()
        ?? options.Storage.Validate()
        ?? options.RequestLimits.Validate()
        ?? options.KeepAlive.Validate()
        ?? options.Auth.Validate()
        ?? options.Logging.Validate()
        ?? options.Grains.Validate()
        ?? options.ValidateReflection();

    private static string? ValidateName(string name) => name.Length == 0 ? "--name must not be empty" : null;

    private static string Refusal(FlagDefinition flag, FlagSource source)
    {
        var where = source switch
        {
            FlagSource.Environment => $"variable {flag.Environment}",
            FlagSource.ConfigFile => $"configuration file key for --{flag.Name}",
            _ => $"--{flag.Name}",
        };
        return $"{where} is not supported by krewe yet: {flag.Reason}. Leave it out, or at its default (\"{flag.Default}\")";
    }
}
