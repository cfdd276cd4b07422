using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Clients;

/// <summary>One watch stream on one member that must never end.</summary>
internal sealed class SteadyWatch : IAsyncDisposable
{
    /// <summary>Its writes are nobody else's: histories do not have them.</summary>
    public const string Key = "/steady";

    private static readonly TimeSpan EventLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PutPause = TimeSpan.FromMilliseconds(50);

    private readonly LabMember _member;
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;
    private int _marks;

    private SteadyWatch(LabMember member)
    {
        _member = member;
        _call = new Watch.WatchClient(member.Channel).Watch();
    }

    public static async Task<SteadyWatch> OpenAsync(LabMember member)
    {
        var watch = new SteadyWatch(member);
        await watch._call.RequestStream.WriteAsync(
            new WatchRequest { CreateRequest = new WatchCreateRequest { Key = ByteString.CopyFromUtf8(Key) } });
        Assert.True(await watch.NextAsync() is { Created: true });
        return watch;
    }

    /// <summary>Writes through some member, and waits until the event comes out of this stream.</summary>
    public async Task CheckAsync(LabMember via)
    {
        var value = (++_marks).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await PutAsync(via, value);
        while ((await NextAsync()).Events.All(change => change.Kv.Value.ToStringUtf8() != value))
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A put that was with a leader that fell away is ambiguous: asked for again, it may happen twice.</summary>
    private static async Task PutAsync(LabMember via, string value)
    {
        var end = DateTime.UtcNow + EventLimit;
        while (true)
        {
            try
            {
                await via.Kv.PutAsync(Requests.Put(Key, value), deadline: end);
                return;
            }
            catch (RpcException) when (DateTime.UtcNow < end)
            {
                await Task.Delay(PutPause, CancellationToken.None);
            }
        }
    }

    private async Task<WatchResponse> NextAsync()
    {
        using var limit = new CancellationTokenSource(EventLimit);
        Assert.True(await _call.ResponseStream.MoveNext(limit.Token), $"the watch on {_member.Name} ended");
        return _call.ResponseStream.Current;
    }
}
