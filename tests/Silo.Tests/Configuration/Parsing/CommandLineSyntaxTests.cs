using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Parsing;

/// <summary>The syntax of Go's flag package, which etcd's users and unit files rely on.</summary>
public sealed class CommandLineSyntaxTests
{
    [Theory]
    [InlineData("--data-dir=a=b", "a=b")]
    [InlineData("-data-dir=--x", "--x")]
    public void Value_begins_after_the_first_equals_sign(string argument, string expected) => Assert.Equal(expected, Parsing.Options(argument).Storage.DataDirectory);

    [Fact]
    public void Value_of_the_next_argument_may_look_like_a_flag() => Assert.Equal("--data-dir", Parsing.Options("--name", "--data-dir").Name);

    [Fact]
    public void Empty_value_is_a_value() => Assert.Null(Parsing.Options("--wal-dir=").Storage.WalDirectory);

    [Fact]
    public void Last_of_several_wins() => Assert.Equal("b", Parsing.Options("--name=a", "--name=b").Name);

    [Theory]
    [InlineData("--unsafe-no-fsync", true)]
    [InlineData("--unsafe-no-fsync=true", true)]
    [InlineData("--unsafe-no-fsync=T", true)]
    [InlineData("--unsafe-no-fsync=0", false)]
    [InlineData("-unsafe-no-fsync=FALSE", false)]
    public void Booleans_take_gos_spellings(string argument, bool expected) => Assert.Equal(expected, Parsing.Options(argument).Storage.UnsafeNoFsync);

    [Fact]
    public void A_boolean_does_not_take_the_next_argument() =>
        Parsing.Fails(Parsing.Run("--pre-vote", "false"), ParseResult.ExitCodeBadConfiguration, "\"false\" is not a valid flag");

    [Fact]
    public void Two_dashes_end_the_flags()
    {
        Assert.Equal("a", Parsing.Options("--name=a", "--").Name);
        Parsing.Fails(Parsing.Run("--", "--name=a"), ParseResult.ExitCodeBadConfiguration, "\"--name=a\" is not a valid flag");
    }

    [Theory] // Behaviour 367.
    [InlineData("--no-such-flag", "flag provided but not defined: -no-such-flag")]
    [InlineData("-x=1", "flag provided but not defined: -x")]
    [InlineData("--Name=a", "flag provided but not defined: -Name")]
    [InlineData("---name", "bad flag syntax: ---name")]
    [InlineData("--=a", "bad flag syntax: --=a")]
    [InlineData("--name", "flag needs an argument: -name")]
    [InlineData("--pre-vote=yes", "invalid value \"yes\" for flag -pre-vote: not a boolean")]
    [InlineData("--heartbeat-interval=-1", "invalid value \"-1\" for flag -heartbeat-interval")]
    [InlineData("--max-concurrent-streams=4294967296", "invalid value \"4294967296\" for flag -max-concurrent-streams")]
    [InlineData("--grpc-keepalive-timeout=20", "invalid value \"20\" for flag -grpc-keepalive-timeout")]
    [InlineData("--initial-cluster-state=old", "must be one of \"existing\", \"new\"")]
    [InlineData("--listen-client-urls=127.0.0.1:2379", "URL scheme must be http, https, unix, or unixs: 127.0.0.1:2379")]
    [InlineData("--cors=http://a.example", "invalid value \"http://a.example\" for flag -cors: URL address does not have the form \"host:port\": http://a.example")]
    [InlineData("--cors=a.example", "invalid value \"a.example\" for flag -cors: URL scheme must be http, https, unix, or unixs: a.example")]
    public void Behaviour_367_a_bad_command_line_exits_with_2(string argument, string expected)
    {
        var result = Parsing.Run(argument);

        Parsing.Fails(result, ParseResult.ExitCodeBadUsage, expected);
        Assert.Contains("Usage: krewe [flags]", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-help")]
    public void Help_wins_over_what_follows(string argument)
    {
        var result = Parsing.Run(argument, "--no-such-flag");

        Assert.Equal((ParseOutcome.Print, 0), (result.Outcome, result.ExitCode));
    }

    [Fact]
    public void Version_names_krewe_and_the_etcd_api()
    {
        var result = Parsing.Run("--version", "--name=x");

        Assert.Equal((ParseOutcome.Print, 0), (result.Outcome, result.ExitCode));
        Assert.Matches(@"^krewe Version: \d+\.\d+\.\d+\netcd API: 3\.7\.1\nRuntime: \.NET ", result.Text);
    }

    [Fact]
    public void Help_has_etcds_groups_in_etcds_order()
    {
        var headings = Parsing.Run("--help").Text.Split('\n').Where(line => line.EndsWith(':') && !line.StartsWith(' ')).Skip(1);

        Assert.Equal(
            ["General:", "Member:", "Clustering:", "Compaction:", "Security:", "Auth:", "Profiling and monitoring:", "Logging:", "Features:", "Unsafe:", "Krewe (flags that etcd does not have):"],
            headings);
    }
}
