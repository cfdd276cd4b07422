namespace Krewe.Silo.Clustering;

internal sealed partial class RaftMembershipTable
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for a quorum to join the silo membership table")]
    private static partial void LogNoQuorum(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping without a quorum: the silo's status {Status} is not written")]
    private static partial void LogNoFarewell(ILogger logger, Orleans.Runtime.SiloStatus status);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Reading the silo membership table as applied here: no read barrier in time")]
    private static partial void LogStaleRead(ILogger logger);
}
