using Krewe.Grains.Gateway;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Replication;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Gateway;

/// <summary>When a gateway begins an RPC anew whose member is lost (behaviour 351).</summary>
public sealed class GatewayRpcsTests
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly RpcRequest Request = new("/s/M", null, default);

    private readonly FakeTimeProvider _time = new();
    private readonly Queue<FakeRpcStream> _members = [];
    private Func<FakeRpcStream> _rest = static () => throw new InvalidOperationException("one attempt too many");
    private int _attempts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_member_certainly_has_not_begun_is_begun_anew()
    {
        _members.Enqueue(new(NotDone, () => throw new InvalidOperationException()));
        _members.Enqueue(new(Done, Reads(FakeRpcStream.Answer, FakeRpcStream.End)));
        Assert.Equal([FakeRpcStream.Answer, FakeRpcStream.End], await RunAsync(isRepeatable: false));
        Assert.Equal(2, _attempts);
    }

    [Fact]
    public async Task What_the_member_has_begun_is_not_begun_anew_because_a_fetch_had_no_effect()
    {
        _members.Enqueue(new(Done, static () => Task.FromException<RpcPart>(new EtcdException(EtcdError.NoLeader))));
        await FailsAsync(isRepeatable: false);
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task What_may_be_done_twice_is_begun_anew_until_an_answer_has_come()
    {
        _members.Enqueue(new(Done, static () => Task.FromException<RpcPart>(new SiloUnavailableException())));
        _members.Enqueue(new(Done, Reads(FakeRpcStream.Silence, FakeRpcStream.Answer, null)));
        await FailsAsync(isRepeatable: true);
        Assert.Equal(2, _attempts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Attempts_end_with_the_request_timeout(bool isBegun)
    {
        _rest = () => isBegun
            ? new(Done, static () => Task.FromException<RpcPart>(new SiloUnavailableException()))
            : new(NotDone, static () => throw new InvalidOperationException());
        var began = _time.GetTimestamp();
        await FailsAsync(isRepeatable: true);
        Assert.InRange(_time.GetElapsedTime(began), RequestLimit, RequestLimit * 2);
    }

    [Fact]
    public async Task A_sign_of_the_member_renews_the_time_limit()
    {
        var reads = Reads(FakeRpcStream.Silence, null);
        _members.Enqueue(new(Done, () =>
        {
            // As long as the member is there the RPC may take its time.
            _time.Advance(RequestLimit - Step);
            return reads();
        }));
        _members.Enqueue(new(Done, Reads(FakeRpcStream.End)));
        Assert.Equal([FakeRpcStream.Silence, FakeRpcStream.End], await RunAsync(isRepeatable: true));
    }

    private static Task Done() => Task.CompletedTask;

    private static Task NotDone() => Task.FromException(new EtcdException(EtcdError.NoLeader));

    /// <summary>Null: the member is lost.</summary>
    private static Func<Task<RpcPart>> Reads(params RpcPart?[] parts)
    {
        var left = new Queue<RpcPart?>(parts);
        return () => left.Dequeue() is { } part ? Task.FromResult(part) : Task.FromException<RpcPart>(new SiloUnavailableException());
    }

    private async Task FailsAsync(bool isRepeatable)
    {
        var e = await Assert.ThrowsAsync<EtcdException>(() => RunAsync(isRepeatable));
        Assert.Equal(EtcdError.TimeoutDueToConnectionLost, e.Error);
    }

    private async Task<List<RpcPart>> RunAsync(bool isRepeatable)
    {
        var status = new GatewayStatus();
        var loss = new MemberLoss();
        var calls = new MemberCalls(null!, status, loss, new RequestTimeout(RequestLimit, _time));
        var rpcs = new GatewayRpcs(Open, calls, status, loss);
        var parts = new List<RpcPart>();
        var running = CollectAsync();
        for (var waited = TimeSpan.Zero; !running.IsCompleted; waited += Step)
        {
            Assert.True(waited < RequestLimit * 20, $"{_attempts} attempts and no end");
            await Task.WhenAny(running, Task.Delay(1, Stop));
            _time.Advance(Step);
        }

        await running;
        return parts;

        async Task CollectAsync()
        {
            await foreach (var part in rpcs.StreamAsync(Request, _ => isRepeatable, Stop))
            {
                parts.Add(part);
            }
        }
    }

    private FakeRpcStream Open()
    {
        _attempts++;
        return _members.TryDequeue(out var member) ? member : _rest();
    }
}
