using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tls;

/// <summary>
/// Where TLS tells what happens. Certificates are read before the host and its logs exist; what goes wrong until then is an exception.
/// </summary>
internal sealed partial class TlsLog
{
    public ILogger Logger { get; set; } = NullLogger.Instance;

    public void Reread(string files) => LogReread(Logger, files);

    public void Bad(string files, string error) => LogBad(Logger, files, error);

    public void Refused(string port, string remote, string reason) => LogRefused(Logger, port, remote, reason);

    public void Expires(string certificate, string subject, DateTime notAfter) => LogExpires(Logger, certificate, subject, notAfter);

    public void Expired(string certificate, string subject, DateTime notAfter) => LogExpired(Logger, certificate, subject, notAfter);

    [LoggerMessage(Level = LogLevel.Information, Message = "read changed TLS files again: {Files}")]
    private static partial void LogReread(ILogger logger, string files);

    [LoggerMessage(Level = LogLevel.Warning, Message = "TLS files can't be used: {Files}: {Error}")]
    private static partial void LogBad(ILogger logger, string files, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "rejected connection on {Port} port from {RemoteAddr}: {Error}")]
    private static partial void LogRefused(ILogger logger, string port, string remoteAddr, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "certificate {Certificate} expires soon: {Subject} is valid until {NotAfter:u}")]
    private static partial void LogExpires(ILogger logger, string certificate, string subject, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Error, Message = "certificate {Certificate} has expired: {Subject} was valid until {NotAfter:u}")]
    private static partial void LogExpired(ILogger logger, string certificate, string subject, DateTime notAfter);
}
