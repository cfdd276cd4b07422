using System.Text;
using Krewe.Silo.Configuration.Flags;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>The text of <c>--help</c>, made from the catalog and grouped like etcd's.</summary>
internal static class HelpText
{
    /// <summary>Printed after a mistake in the command line.</summary>
    public const string Usage = "Usage: krewe [flags]    (krewe --help lists the flags)";

    public static string Create()
    {
        var text = new StringBuilder();
        text.Append("krewe: a distributed key-value store that speaks etcd v3\n\n");
        text.Append("Usage:\n");
        text.Append("  krewe [flags]                start a member\n");
        text.Append("  krewe gateway [flags]        start a gateway without data (krewe gateway --help)\n");
        text.Append("  krewe --version              print versions\n");
        text.Append("  krewe -h | --help            print this help\n");
        text.Append("  krewe --config-file FILE     take all settings from a YAML or JSON file\n\n");
        text.Append("Every flag can also be given by its environment variable: --data-dir is ETCD_DATA_DIR.\n");
        text.Append("Krewe's own flags have the prefix KREWE_: --silo-port is KREWE_SILO_PORT.\n");
        foreach (var group in FlagCatalog.All.GroupBy(flag => flag.Group))
        {
            text.Append('\n').Append(Heading(group.Key)).Append(":\n");
            foreach (var flag in group)
            {
                AppendFlag(text, flag);
            }
        }

        return text.ToString();
    }

    /// <summary>The heading of a group.</summary>
    public static string Heading(FlagGroup group) => group switch
    {
        FlagGroup.Profiling => "Profiling and monitoring",
        FlagGroup.Krewe => "Krewe (flags that etcd does not have)",
        _ => group.ToString(),
    };

    private static void AppendFlag(StringBuilder text, FlagDefinition flag)
    {
        text.Append("  --").Append(flag.Name).Append(" '").Append(flag.Default).Append("'\n");
        text.Append("        ").Append(flag.Help).Append('.');
        if (flag.Choices.Count > 0)
        {
            text.Append(" One of: ").AppendJoin(", ", flag.Choices.Select(choice => $"'{choice}'")).Append('.');
        }

        text.Append(flag.Support switch
        {
            FlagSupport.NotYet => $" [not yet: {flag.Reason}]",
            FlagSupport.AcceptedNoEffect => $" [no effect: {flag.Reason}]",
            _ => "",
        }).Append('\n');
    }
}
