using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>
/// Names of the revision streams: one per silo, of <see cref="RevisionEvents"/>, with an
/// <see cref="Orleans.Providers.Streams.Common.EventSequenceTokenV2"/> of revision and 0 as token. A subscriber that passes a token gets that
/// revision and all after it, back to the compaction revision. Delivery is at least once and in order; check that revisions are
/// continuous, because after a minute without progress, and
/// for a token below the compaction revision, Orleans skips ahead. A key prefix as the subscription's filter data leaves out the revisions that
/// change no key with that prefix.
/// </summary>
public static class RevisionStreams
{
    public const string ProviderName = "revisions";

    public const string Namespace = "krewe.revisions";

    /// <summary>The stream of what a silo applies. Subscribe to that of the silo you run on.</summary>
    public static StreamId ForSilo(SiloAddress silo) => StreamId.Create(Namespace, silo.ToParsableString());
}
