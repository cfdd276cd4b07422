using System.Text;
using Krewe.Silo.Configuration.Flags;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Flags;

/// <summary>Writes <c>docs/reference/flags.md</c> from the catalog.</summary>
internal static class FlagReference
{
    public static string Create()
    {
        var text = new StringBuilder();
        text.Append("# Flags\n\n");
        text.Append("Generated from `FlagCatalog`. Do not edit: run the tests of `tests/Silo.Tests` with `KREWE_REWRITE=1`.\n\n");
        text.Append("Krewe takes the flags of etcd 3.7 by name, from the command line (`--flag=value`, `--flag value`, with one dash or\n");
        text.Append("two), from the environment variable, or from the file of `--config-file` (YAML or JSON with etcd's keys). A flag and its\n");
        text.Append("variable together are refused. With a configuration file all other flags and variables are ignored.\n\n");
        text.Append("*Not yet* means that any value but the default refuses to start. *No effect* means that the flag tunes a part\n");
        text.Append("of etcd that Krewe does not have; another value than the default is accepted with a warning.\n");
        foreach (var group in FlagCatalog.All.GroupBy(flag => flag.Group))
        {
            text.Append("\n## ").Append(HelpText.Heading(group.Key)).Append("\n\n");
            text.Append("| Flag | Variable | Default | Meaning | In Krewe |\n|---|---|---|---|---|\n");
            foreach (var flag in group)
            {
                AppendRow(text, flag);
            }
        }

        text.Append("\n## Removed before etcd 3.7\n\nThese are unknown flags, as in etcd 3.7; the error says what to use.\n\n| Flag | Instead |\n|---|---|\n");
        foreach (var flag in FlagCatalog.Removed.OrderBy(flag => flag.Name, StringComparer.Ordinal))
        {
            text.Append($"| `--{flag.Name}` | {flag.Hint} |\n");
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, FlagDefinition flag)
    {
        var choices = flag.Choices.Count == 0 ? "" : $" One of: {string.Join(", ", flag.Choices.Select(choice => choice.Length == 0 ? "(empty)" : choice))}.";
        var support = flag.Support switch
        {
            FlagSupport.NotYet => $"not yet: {flag.Reason}",
            FlagSupport.AcceptedNoEffect => $"no effect: {flag.Reason}",
            _ => "yes",
        };
        var variable = flag.Environment is null ? "" : $"`{flag.Environment}`";
        var defaultText = flag.Default.Length == 0 ? "" : $"`{flag.Default}`";
        text.Append($"| `--{flag.Name}` | {variable} | {defaultText} | {flag.Help}.{choices} | {support} |\n");
    }
}
