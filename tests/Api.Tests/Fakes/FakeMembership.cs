using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Api.Tests.Fakes;

internal sealed class FakeMembership : IMembershipClient
{
    public bool LastWasLinearizable { get; private set; }

    public ValueTask<IReadOnlyList<Member>> ListAsync(bool linearizable, CancellationToken cancellationToken)
    {
        LastWasLinearizable = linearizable;
        return new([new Member(0xAB, "one", ["http://127.0.0.1:2380"], ["http://127.0.0.1:2379"], false)]);
    }
}
