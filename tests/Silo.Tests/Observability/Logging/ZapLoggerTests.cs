using System.Text.Json;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Observability.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Observability.Logging;

public sealed class ZapLoggerTests
{
    private const string Category = "Krewe.Silo.Example";
    private static readonly string[] Urls = ["a", "b"];
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 1, 2, 15, 4, 5, 67, TimeSpan.Zero));

    [Fact]
    public void Json_has_zaps_keys_in_zaps_order() => Assert.Equal(
        """{"level":"info","ts":"2026-01-02T15:04:05.067000Z","caller":"Krewe.Silo.Example","msg":"member m1 is ready","member-name":"m1"}""",
        Assert.Single(Log(LogFormat.Json, logger => logger.LogInformation("member {MemberName} is ready", "m1"))));

    [Fact]
    public void Console_is_tab_separated_with_fields_as_json()
    {
        Assert.Equal(
            "2026-01-02T15:04:05.067000Z\twarn\tKrewe.Silo.Example\ttook 1.5s\t{\"took\":\"1.5s\"}",
            Assert.Single(Log(LogFormat.Console, logger => logger.LogWarning("took {Took}", "1.5s"))));
        Assert.Equal(
            "2026-01-02T15:04:05.067000Z\tinfo\tKrewe.Silo.Example\tplain",
            Assert.Single(Log(LogFormat.Console, logger => logger.LogInformation("plain"))));
    }

    [Fact]
    public void Fields_keep_their_json_types()
    {
        var line = Assert.Single(Log(LogFormat.Json, logger => logger.LogInformation(
            "{Text} {Count} {Ready} {Took} {Missing} {ClientURLs}", "é\"\n", 18446744073709551615, true, TimeSpan.FromMilliseconds(300), null, Urls)));
        var root = JsonDocument.Parse(line).RootElement;

        Assert.Equal("é\"\n", root.GetProperty("text").GetString());
        Assert.Contains("é", line, StringComparison.Ordinal);
        Assert.Equal(ulong.MaxValue, root.GetProperty("count").GetUInt64());
        Assert.True(root.GetProperty("ready").GetBoolean());
        Assert.Equal("300ms", root.GetProperty("took").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("missing").ValueKind);
        Assert.Equal(["a", "b"], root.GetProperty("client-urls").EnumerateArray().Select(item => item.GetString()!));
    }

    [Fact]
    public void An_exception_gives_error_and_stacktrace()
    {
        var line = Assert.Single(Log(LogFormat.Json, logger => logger.LogError(new InvalidOperationException("broken"), "failed")));
        var root = JsonDocument.Parse(line).RootElement;

        Assert.Equal(("error", "broken"), (root.GetProperty("level").GetString(), root.GetProperty("error").GetString()));
        Assert.StartsWith("System.InvalidOperationException: broken", root.GetProperty("stacktrace").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogFormat.Json)]
    [InlineData(LogFormat.Console)]
    public void A_message_cannot_forge_another_record(LogFormat format) =>
        Assert.Single(Log(format, logger => logger.LogInformation("{Text}", "a\n{\"level\":\"info\"}\r\nb")));

    [Fact]
    public void A_huge_text_is_cut() => Assert.InRange(
        Assert.Single(Log(LogFormat.Json, logger => logger.LogInformation("{Text}", new string('x', 1_000_000)))).Length,
        LogFieldWriter.MaxTextCharacters,
        3 * LogFieldWriter.MaxTextCharacters);

    [Theory]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "fatal")]
    public void Levels_have_zaps_names(LogLevel level, string expected) =>
        Assert.Contains($"\"level\":\"{expected}\"", Assert.Single(Log(LogFormat.Json, logger => logger.Log(level, "x"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("MemberId", "member-id")]
    [InlineData("memberID", "member-id")]
    [InlineData("ClientURLs", "client-urls")]
    [InlineData("already-so", "already-so")]
    public void Field_names_are_spelled_as_etcd_spells_them(string name, string expected) => Assert.Equal(expected, ZapFormat.FieldName(name));

    private static string[] Log(LogFormat format, Action<ILogger> log)
    {
        using var output = new GatedStream(open: true);
        using (var provider = new ZapLoggerProvider(format, [output], Time))
        {
            log(provider.CreateLogger(Category));
        }

        return output.Lines;
    }
}
