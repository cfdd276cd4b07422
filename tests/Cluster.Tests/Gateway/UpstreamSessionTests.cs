using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Gateway;
using Krewe.Grains.Gateway.Watch;

namespace Krewe.Cluster.Tests.Gateway;

public sealed class UpstreamSessionTests
{
    [Fact]
    public async Task It_ends_when_its_receiver_stops_it_though_every_answer_is_there_at_once()
    {
        await using var member = new WatchRig();
        using var relay = new FakeRelay(member.Hub, new FakeAuth());
        var receiver = new EagerReceiver();
        await using var session = new UpstreamSession(
            () => relay, receiver, new GatewayStatus(), new MemberLoss(), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(5), TimeProvider.System);
        receiver.OnProgress = session.Stop;
        try
        {
            await Eventually.TrueAsync(() => receiver.Progressed > 0, "the member has told how far it is");
            await Eventually.TrueAsync(() => member.Hub.GetStatistics().Watchers == 0, "its watcher on the member is given up");
            Assert.Equal(1, receiver.Progressed);
        }
        finally
        {
            // A session that did not end would hold up the test's own end.
            relay.Cut();
        }
    }
}
