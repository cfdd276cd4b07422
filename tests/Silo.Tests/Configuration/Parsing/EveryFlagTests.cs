using Krewe.Silo.Configuration.Flags;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Parsing;

/// <summary>The same few expectations for every flag of the catalog, from each of the three sources.</summary>
public sealed class EveryFlagTests
{
    public static TheoryData<string> Names => [.. FlagSamples.Settable.Select(flag => flag.Name)];

    public static TheoryData<string> NamesInFiles => [.. FlagSamples.Settable.Where(flag => flag.InConfigFile).Select(flag => flag.Name)];

    public static TheoryData<string> RemovedNames => [.. FlagCatalog.Removed.Select(flag => flag.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_default_is_accepted_when_given_explicitly(string name)
    {
        var flag = FlagCatalog.Find(name)!;

        Parsing.Options([$"--{name}={flag.Default}", .. FlagSamples.Companions(flag, ofDefault: true)]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_value_on_the_command_line_works_or_is_refused_clearly(string name)
    {
        var flag = FlagCatalog.Find(name)!;
        string[] companions = FlagSamples.Companions(flag);
        var value = FlagSamples.NotDefault(flag);

        ExpectSupport(flag, Parsing.Run([$"--{name}={value}", .. companions]));
        ExpectSupport(flag, Parsing.Run([$"-{name}={value}", .. companions]));
        if (flag.Kind != FlagKind.Boolean)
        {
            ExpectSupport(flag, Parsing.Run([$"--{name}", value, .. companions]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_value_in_its_variable_works_or_is_refused_clearly(string name)
    {
        var flag = FlagCatalog.Find(name)!;

        ExpectSupport(flag, Parsing.Run(FlagSamples.Companions(flag), new() { [flag.Environment!] = FlagSamples.NotDefault(flag) }));
    }

    [Theory]
    [MemberData(nameof(NamesInFiles))]
    public void Another_value_in_the_configuration_file_works_or_is_refused_clearly(string name)
    {
        var flag = FlagCatalog.Find(name)!;

        ExpectSupport(flag, Parsing.RunFile($"{name}: {FlagSamples.InFile(flag)}\n{FlagSamples.CompanionsInFile(flag)}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Behaviour_361_flag_and_variable_together_are_refused(string name)
    {
        var flag = FlagCatalog.Find(name)!;

        var result = Parsing.Run([$"--{name}={flag.Default}"], new() { [flag.Environment!] = flag.Default });

        Parsing.Fails(result, ParseResult.ExitCodeBadConfiguration, $"{flag.Environment} and --{name} are both set");
    }

    [Theory]
    [MemberData(nameof(RemovedNames))]
    public void Behaviour_366_a_removed_flag_is_unknown_and_the_error_says_what_to_use(string name)
    {
        var result = Parsing.Run($"--{name}=1");

        Parsing.Fails(result, ParseResult.ExitCodeBadUsage, $"flag provided but not defined: -{name}");
        Assert.Contains(FlagCatalog.FindRemoved(name)!.Hint, result.Text, StringComparison.Ordinal);
    }

    private static void ExpectSupport(FlagDefinition flag, ParseResult result)
    {
        if (flag.Support == FlagSupport.NotYet)
        {
            Parsing.Fails(result, ParseResult.ExitCodeBadConfiguration, "is not supported by krewe yet");
            return;
        }

        Parsing.Started(result);
        Assert.Equal(
            flag.Support == FlagSupport.AcceptedNoEffect,
            result.Warnings.Any(warning => warning.StartsWith($"--{flag.Name} has no effect", StringComparison.Ordinal)));
    }
}
