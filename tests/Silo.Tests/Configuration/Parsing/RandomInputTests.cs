using Krewe.Silo.Configuration.Flags;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Parsing;

/// <summary>Whatever is given, the parser answers: it never throws.</summary>
public sealed class RandomInputTests
{
    private const int Runs = 20_000;

    private static readonly string[] Pieces =
    [
        "-", "--", "=", ",", ":", "//", "http", "https", "unix", "localhost", "[::1]", "2379", "0", "-1", "18446744073709551616", "1e9", "0x", "5s", ".",
        "true", "false", "\0", "é", "\n", " ", "{", "}", "[", "]", "'", "\"", "#", "&a", "*a", "!!binary", "|", "name", "default", "client-transport-security", "<<",
    ];

    [Fact]
    public void Random_command_lines_and_variables_get_an_answer() => Repeat((random, values) =>
    {
        string[] arguments = [.. Enumerable.Range(0, random.Next(4)).Select(_ => $"--{RandomFlag(random).Name}={RandomText(random)}"), RandomText(random)];
        var environment = new Dictionary<string, string> { [RandomFlag(random).Environment ?? "ETCD_X"] = RandomText(random) };
        values.AddRange(arguments);
        return Parsing.Run(arguments, environment);
    });

    [Fact]
    public void Random_configuration_files_get_an_answer() => Repeat((random, values) =>
    {
        var file = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => $"{RandomFlag(random).Name}: {RandomText(random)}\n")) + RandomText(random);
        values.Add(file);
        return Parsing.RunFile(file);
    });

    private static void Repeat(Func<Random, List<string>, ParseResult> run)
    {
        var seed = Environment.TickCount;
        for (var i = 0; i < Runs; i++)
        {
            var values = new List<string>();
            try
            {
                var result = run(new Random(seed + i), values);
                Assert.Equal(result.Outcome == ParseOutcome.Start, result.Options is not null);
                Assert.Equal(result.Outcome == ParseOutcome.Error, result.ExitCode != 0);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed + i}: <{string.Join("> <", values)}>: {exception}");
            }
        }
    }

    private static FlagDefinition RandomFlag(Random random) => FlagCatalog.All[random.Next(FlagCatalog.All.Count)];

    private static string RandomText(Random random) => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
