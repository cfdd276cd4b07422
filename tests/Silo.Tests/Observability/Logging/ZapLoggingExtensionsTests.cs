using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Observability.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Tests.Observability.Logging;

public sealed class ZapLoggingExtensionsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"krewe-log-{Guid.NewGuid():n}.log");

    [Theory]
    [InlineData(LogLevel.Debug, true, true, true)]
    [InlineData(LogLevel.Information, false, true, false)]
    [InlineData(LogLevel.Error, false, false, false)]
    public void Frameworks_are_quiet_unless_debugging(LogLevel level, bool expectDebug, bool expectInformation, bool expectFramework)
    {
        using (var services = Build(level))
        {
            var factory = services.GetRequiredService<ILoggerFactory>();
            factory.CreateLogger("Krewe.X").LogDebug("our debug");
            factory.CreateLogger("Krewe.X").LogInformation("our information");
            factory.CreateLogger("Krewe.X").LogError("our error");
            factory.CreateLogger("Orleans.Runtime.X").LogInformation("framework information");
        }

        var text = File.ReadAllText(_path);
        Assert.Contains("our error", text, StringComparison.Ordinal);
        Assert.Equal(expectDebug, text.Contains("our debug", StringComparison.Ordinal));
        Assert.Equal(expectInformation, text.Contains("our information", StringComparison.Ordinal));
        Assert.Equal(expectFramework, text.Contains("framework information", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_are_appended_to()
    {
        for (var run = 0; run < 2; run++)
        {
            using var services = Build(LogLevel.Information);
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Krewe.X").LogInformation("once a run");
        }

        Assert.Equal(2, File.ReadAllLines(_path).Length);
    }

    public void Dispose() => File.Delete(_path);

    private ServiceProvider Build(LogLevel level) => new ServiceCollection()
        .AddLogging(logging => logging.AddZapLogging(new LoggingOptions { Level = level, Format = LogFormat.Json, Outputs = [_path] }, TimeProvider.System))
        .BuildServiceProvider();
}
