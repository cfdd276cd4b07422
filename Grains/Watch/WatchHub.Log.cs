using Microsoft.Extensions.Logging;

namespace Krewe.Grains.Watch;

public sealed partial class WatchHub
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The live flow of revisions skips {First} to {Last}; watchers read them from the store")]
    private static partial void LogGap(ILogger logger, long first, long last);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not publish revisions to the watchers, who will read them from the store")]
    private static partial void LogNotPublished(ILogger logger, Exception exception);
}
