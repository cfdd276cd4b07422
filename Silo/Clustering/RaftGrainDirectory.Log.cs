using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

internal sealed partial class RaftGrainDirectory
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The directory refused to register {Address}: its silo is dead or its term is over")]
    private static partial void LogRefused(ILogger logger, GrainAddress address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not remove the directory entries of dead silos; the membership table removes them itself")]
    private static partial void LogPurgeFailed(ILogger logger, Exception exception);
}
