using Krewe.Api.Metrics;
using Krewe.Silo.Tests.Configuration.Parsing;
using Krewe.Silo.Tls;
using Krewe.Testing.Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Tls;

/// <summary>What is told about the end of certificates.</summary>
public sealed class CertificateExpiryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RecordingLogger _logger = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_log_is_told_before_and_after_the_end_and_the_metric_shows_it()
    {
        var now = _time.GetUtcNow();
        var wish = new CertificateWish { NotBefore = now.AddDays(-1), NotAfter = now.AddDays(99), CommonName = "server" };
        var (certFile, keyFile) = TestAuthority.Create().Issue(wish).Write(_folder.Path, "server");
        var tls = MemberTls.Open(
            Parsing.Options(
                "--listen-client-urls=https://127.0.0.1:1", "--advertise-client-urls=https://127.0.0.1:1", $"--cert-file={certFile}", $"--key-file={keyFile}"),
            _time);
        tls.Log.Logger = _logger;
        var metrics = new KreweMetrics();
        using var expiry = new CertificateExpiry(tls, metrics, _time);
        await expiry.StartAsync(TestContext.Current.CancellationToken);

        // A fifth of a hundred days comes before the thirty.
        _time.Advance(TimeSpan.FromDays(78));
        Assert.Empty(_logger.Records);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.All(_logger.Records, record => Assert.Equal(LogLevel.Warning, record.Level));
        Assert.Contains("expires soon: ", _logger.Records.First().Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromDays(20));
        Assert.Equal(LogLevel.Error, _logger.Records.Last().Level);

        Assert.Contains(
            $"krewe_tls_certificate_not_after_timestamp_seconds{{certificate=\"client\"}} {wish.NotAfter.ToUnixTimeSeconds()}",
            await TextOfAsync(metrics),
            StringComparison.Ordinal);
    }

    private static async Task<string> TextOfAsync(KreweMetrics metrics)
    {
        using var text = new MemoryStream();
        await metrics.Registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }
}
