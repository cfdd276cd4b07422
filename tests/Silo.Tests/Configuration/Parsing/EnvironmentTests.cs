using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Configuration.Parsing;

public sealed class EnvironmentTests
{
    [Fact]
    public void Variables_set_flags() => Assert.Equal("from-env", Parsing.Started(Parsing.Run([], new() { ["ETCD_NAME"] = "from-env" })).Name);

    [Fact]
    public void Krewes_own_flags_have_their_own_prefix() =>
        Assert.Equal(["/a/", "/b/"], Parsing.Started(Parsing.Run([], new() { ["KREWE_KEY_PREFIXES"] = "/a/, /b/,/a/" })).Grains.KeyPrefixes);

    [Fact]
    public void An_empty_variable_counts_as_not_set() => Assert.Equal("default", Parsing.Started(Parsing.Run([], new() { ["ETCD_NAME"] = "" })).Name);

    [Fact]
    public void A_bad_value_names_the_variable() => Parsing.Fails(
        Parsing.Run([], new() { ["ETCD_MAX_TXN_OPS"] = "many" }), ParseResult.ExitCodeBadConfiguration, "invalid value \"many\" for ETCD_MAX_TXN_OPS");

    [Theory]
    [InlineData("ETCD_VERSION", "unrecognized environment variable ETCD_VERSION")]
    [InlineData("ETCD_SERVICE_HOST", "unrecognized environment variable ETCD_SERVICE_HOST")]
    [InlineData("KREWE_X", "unrecognized environment variable KREWE_X")]
    [InlineData("ETCD_EXPERIMENTAL_MEMORY_MLOCK", "use --memory-mlock")]
    public void Unknown_variables_of_our_prefixes_are_warned_about(string variable, string expected)
    {
        var result = Parsing.Run([], new() { [variable] = "1", ["PATH"] = "/bin" });

        Parsing.Started(result);
        Assert.Contains(expected, Assert.Single(result.Warnings), StringComparison.Ordinal);
    }
}
