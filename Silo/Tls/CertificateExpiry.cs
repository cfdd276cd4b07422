using System.Security.Cryptography.X509Certificates;
using Krewe.Api.Metrics;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Tls;

/// <summary>
/// Tells until when the certificates are valid: a metric, and a warning in the log while one is about to expire. Reading the files here also
/// makes bad ones known before the next handshake does.
/// </summary>
internal sealed class CertificateExpiry : IHostedService, IDisposable
{
    /// <summary>How often the log is told.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Time before the end from which on the log is told; or a fifth of the certificate's life, if that is shorter.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    private readonly PortTls[] _ports;
    private readonly TlsLog _log;
    private readonly TimeProvider _time;
    private ITimer? _timer;

    public CertificateExpiry(MemberTls tls, KreweMetrics metrics, TimeProvider time)
    {
        _ports = [.. new[] { tls.Client, tls.Peer }.Where(port => port.Certificates.Any())];
        _log = tls.Log;
        _time = time;
        if (_ports.Length > 0)
        {
            var gauge = metrics.Factory.CreateGauge(
                "krewe_tls_certificate_not_after_timestamp_seconds", "end of the validity of a certificate that is shown to others", "certificate");
            metrics.BeforeCollect(() =>
            {
                foreach (var (name, certificate) in Certificates)
                {
                    gauge.WithLabels(name).Set((EndOf(certificate) - DateTime.UnixEpoch).TotalSeconds);
                }
            });
        }
    }

    private IEnumerable<(string Name, X509Certificate2 Certificate)> Certificates => _ports.SelectMany(port => port.Certificates);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_ports.Length > 0)
        {
            _timer = _time.CreateTimer(static self => ((CertificateExpiry)self!).Look(), this, TimeSpan.Zero, Period);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        foreach (var (name, certificate) in Certificates)
        {
            var end = EndOf(certificate);
            if (end < now)
            {
                _log.Expired(name, certificate.Subject, end);
            }
            else if (end - now < NoticeOf(certificate))
            {
                _log.Expires(name, certificate.Subject, end);
            }
        }
    }

    private static TimeSpan NoticeOf(X509Certificate2 certificate)
    {
        var fifth = (certificate.NotAfter - certificate.NotBefore) / 5;
        return fifth < Notice ? fifth : Notice;
    }

    private static DateTime EndOf(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime();
}
