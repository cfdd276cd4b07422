namespace Krewe.Silo.Clustering;

internal sealed partial class RaftMembershipTable
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for a quorum to join the silo membership table")]
    private static partial void LogNoQuorum(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Reading the silo membership table as applied here: no read barrier in time")]
    private static partial void LogStaleRead(ILogger logger);
}
