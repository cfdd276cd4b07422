using Krewe.Silo.Configuration.Options;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Observability.Logging;

/// <summary>Puts Krewe's logging into a host.</summary>
internal static class ZapLoggingExtensions
{
    private static readonly string[] FrameworkCategories = ["Orleans", "Microsoft", "System", "Grpc", "Polly"];

    /// <summary>
    /// Replaces all logging providers by zap-like logging. The frameworks' categories log warnings and worse only, unless the
    /// level is debug.
    /// </summary>
    /// <exception cref="IOException">A log file cannot be opened.</exception>
    public static ILoggingBuilder AddZapLogging(this ILoggingBuilder builder, LoggingOptions options, TimeProvider time)
    {
        builder.ClearProviders();
        builder.SetMinimumLevel(options.Level);
        if (options.Level > LogLevel.Debug)
        {
            foreach (var category in FrameworkCategories)
            {
                builder.AddFilter(category, options.Level > LogLevel.Warning ? options.Level : LogLevel.Warning);
            }
        }

        // At every start they tell of the garbage collector's mode, which is chosen, and of the time since the machine's start.
        builder.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        builder.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // Registered by factory, so that the container disposes it, which writes what is queued.
        var outputs = LogOutputs.Open(options.Outputs);
        builder.Services.AddSingleton<ILoggerProvider>(_ => new ZapLoggerProvider(options.Format, outputs, time));
        return builder;
    }
}
