using System.Globalization;
using System.Text;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Orleans.Placement;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Krewe.Cluster.Tests.Streams;

/// <summary>Uses nothing but Orleans' stream API (docs/internals/streams.md).</summary>
[PreferLocalPlacement]
public sealed class PrefixListenerGrain(ILocalSiloDetails silo) : Grain, IPrefixListenerGrain, IAsyncObserver<RevisionEvents>
{
    private readonly List<string> _seen = [];
    private string _prefix = "";

    public async Task FollowAsync(string prefix, long revision)
    {
        _prefix = prefix;
        var stream = this.GetStreamProvider(RevisionStreams.ProviderName).GetStream<RevisionEvents>(RevisionStreams.ForSilo(silo.SiloAddress));
        await stream.SubscribeAsync(this, new EventSequenceTokenV2(revision, 0), filterData: prefix);
    }

    public Task<string[]> SeenAsync() => Task.FromResult(_seen.ToArray());

    public Task OnNextAsync(RevisionEvents item, StreamSequenceToken? token = null)
    {
        _seen.AddRange(item.Events
            .Select(change => Encoding.UTF8.GetString(change.Kv.Key.Span))
            .Where(key => key.StartsWith(_prefix, StringComparison.Ordinal))
            .Select(key => string.Create(CultureInfo.InvariantCulture, $"{item.Revision}:{key}")));
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
