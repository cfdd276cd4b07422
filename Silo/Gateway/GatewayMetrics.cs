using Krewe.Api.Metrics;
using Krewe.Grains.Gateway.Watch;

namespace Krewe.Silo.Gateway;

/// <summary>The gateway's own numbers, read at each scrape.</summary>
internal sealed class GatewayMetrics
{
    public GatewayMetrics(KreweMetrics metrics, GatewayWatchHub watches)
    {
        var watchers = metrics.Factory.CreateGauge("krewe_gateway_watchers", "watchers of clients");
        var shared = metrics.Factory.CreateGauge("krewe_gateway_shared_watches", "watches on members that clients' watchers share");
        var catchingUp = metrics.Factory.CreateGauge("krewe_gateway_catching_up_watchers", "watchers that are not in the live flow");
        var reconnects = metrics.Factory.CreateCounter("krewe_gateway_watch_reconnects_total", "times that the member behind the shared watches was replaced");
        metrics.BeforeCollect(() =>
        {
            var now = watches.Count();
            watchers.Set(now.Watchers);
            shared.Set(now.Shared);
            catchingUp.Set(now.CatchingUp);
            reconnects.IncTo(now.Reconnects);
        });
    }
}
