using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Gateway;

/// <summary>Runs <c>krewe gateway</c>.</summary>
internal static class GatewayProgram
{
    private static readonly TimeSpan DiscoveryDelay = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (!GatewayCommandLine.TryParse(arguments, out var options, out var text))
        {
            var isHelp = text == GatewayCommandLine.Usage;
            await (isHelp ? Console.Out : Console.Error).WriteLineAsync(text).ConfigureAwait(false);
            return isHelp ? 0 : ParseResult.ExitCodeBadUsage;
        }

        using var discovery = new SiloDiscovery(options.Endpoints);
        var endpoints = string.Join(", ", options.Endpoints);
        await Console.Error.WriteLineAsync(
            $"krewe {VersionText.Krewe}: a gateway to the cluster at {endpoints}\n  clients  {options.Listen}").ConfigureAwait(false);
        while (!await discovery.RefreshAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await Task.Delay(DiscoveryDelay).ConfigureAwait(false);
        }

        var logging = CommandLineParser.Parse([], new Dictionary<string, string>(), File.ReadAllText).Options!.Logging;
        await using var app = GatewayHost.Build(options, discovery, logging);
        app.Lifetime.ApplicationStarted.Register(() => app.Logger.LogInformation("ready to serve client requests"));
        await app.RunAsync().ConfigureAwait(false);
        return 0;
    }
}
