using Krewe.Grains.Interfaces.Watch;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Krewe.Silo.Streams;

/// <summary>One revision on its way to a subscriber: Orleans drops a container whose token was delivered before, so one token is one revision.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RevisionBatchContainer")]
internal sealed class RevisionBatchContainer : IBatchContainer
{
    public RevisionBatchContainer(StreamId streamId, RevisionEvents revision)
    {
        StreamId = streamId;
        Revision = revision;
        SequenceToken = new EventSequenceTokenV2(revision.Revision, 0);
    }

    [Id(0)]
    public StreamId StreamId { get; }

    [Id(1)]
    public RevisionEvents Revision { get; }

    [Id(2)]
    public StreamSequenceToken SequenceToken { get; }

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
        Revision.Events.Count != 0 && Revision is T revision ? [Tuple.Create(revision, SequenceToken)] : [];

    public bool ImportRequestContext() => false;
}
