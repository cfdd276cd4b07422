using Krewe.Silo.Configuration.Parsing;
using Krewe.Silo.Hosting;
using Krewe.Silo.Tls;

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

        try
        {
            ListenCheck.RequireFree(options.Server.Listen);
            var tls = MemberTls.Open(options.Server, TimeProvider.System);
            var endpointTls = new PortTls("endpoints", options.EndpointTls, options.Server.Tls, tls.Log, TimeProvider.System);
            using var discovery = new SiloDiscovery(options.Endpoints, endpointTls, options.User);
            await RunAsync(options, tls, discovery).ConfigureAwait(false);
            return 0;
        }
        catch (InvalidDataException e)
        {
            await Console.Error.WriteLineAsync($"krewe can't start: {e.Message}").ConfigureAwait(false);
            return ParseResult.ExitCodeBadConfiguration;
        }
    }

    private static async Task RunAsync(GatewayProcessOptions options, MemberTls tls, SiloDiscovery discovery)
    {
        await Console.Error.WriteLineAsync(
            $"krewe {VersionText.Krewe}: a gateway to the cluster at {string.Join(", ", options.Endpoints)}\n"
            + $"  clients  {string.Join(", ", options.Server.Listen.ClientUrls)}").ConfigureAwait(false);
        while (!await discovery.RefreshAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await Task.Delay(DiscoveryDelay).ConfigureAwait(false);
        }

        await using var app = GatewayHost.Build(options, tls, discovery);
        app.Lifetime.ApplicationStarted.Register(() => app.Logger.LogInformation("ready to serve client requests"));
        await app.RunAsync().ConfigureAwait(false);
    }
}
