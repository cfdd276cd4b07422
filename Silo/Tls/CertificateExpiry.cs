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
        _ports = [.. new[] { tls.Client, tls.Peer }.Where(port => port.HasCertificate)];
        _log = tls.Log;
        _time = time;
        if (_ports.Length > 0)
        {
            var gauge = metrics.Factory.CreateGauge(
                "krewe_tls_certificate_not_after_timestamp_seconds", "end of the validity of the certificate that the port shows", "port");
            metrics.BeforeCollect(() => Array.ForEach(_ports, port => gauge.WithLabels(port.Port).Set(SecondsOf(NotAfter(port)))));
        }
    }

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
        foreach (var port in _ports)
        {
            var certificate = port.Certificate!;
            var now = _time.GetUtcNow().UtcDateTime;
            var end = NotAfter(port);
            if (end < now)
            {
                _log.Expired(port.Port, certificate.Subject, end);
            }
            else if (end - now < NoticeOf(certificate))
            {
                _log.Expires(port.Port, certificate.Subject, end);
            }
        }
    }

    private static TimeSpan NoticeOf(X509Certificate2 certificate)
    {
        var fifth = (certificate.NotAfter - certificate.NotBefore) / 5;
        return fifth < Notice ? fifth : Notice;
    }

    private static DateTime NotAfter(PortTls port) => port.Certificate!.NotAfter.ToUniversalTime();

    private static double SecondsOf(DateTime utc) => (utc - DateTime.UnixEpoch).TotalSeconds;
}
