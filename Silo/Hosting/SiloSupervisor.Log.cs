namespace Krewe.Silo.Hosting;

/// <content>What it says.</content>
internal sealed partial class SiloSupervisor
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "the silo ended; another one takes its place: {Reason}")]
    private partial void LogEnded(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "the silo was replaced {Elapsed} after the last one ended")]
    private partial void LogReplaced(TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Critical, Message = "the silo ended {Count} times within {Window}; the member stops. Last reason: {Reason}")]
    private partial void LogGivenUp(int count, TimeSpan window, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the silo did not leave cleanly; the other members will declare it dead: {Reason}")]
    private partial void LogNotLeft(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "the silo that was given up did not stop cleanly")]
    private partial void LogNotAbandoned(Exception exception);
}
