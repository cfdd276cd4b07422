using System.Net;
using System.Net.Sockets;
using Krewe.Lab.Engine;

namespace Krewe.Lab.Faults;

/// <summary>
/// Stands before a member's peer URL and delays, stalls or breaks what others send to it and what it answers. Loss on a TCP link shows as
/// stalls of a retransmission's length and as broken connections, so that is what it does. Needs no privileges.
/// </summary>
internal sealed class PeerRelay : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;
    private static readonly TimeSpan Retransmission = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _target;
    private readonly Random _random;
    private readonly Task _accepting;

    /// <param name="direct">The member's address without a relay.</param>
    public PeerRelay(MemberAddress direct, int seed)
    {
        _target = new Uri(direct.PeerUrl);
        _random = new Random(seed);
        _listener.Start();
        Address = direct with { AdvertisedPeerUrl = MemberAddress.Url("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port) };
        _accepting = AcceptAsync();
    }

    public MemberAddress Address { get; }

    /// <summary>Added to each chunk in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Share of chunks that wait for a "retransmission"; a tenth of those break the connection instead.</summary>
    public double Loss { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                var inbound = await _listener.AcceptSocketAsync(_end.Token);
                relays.RemoveAll(r => r.IsCompleted);
                relays.Add(RelayAsync(inbound));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket inbound)
    {
        using var near = inbound;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(_target.Host, _target.Port, either.Token);
            await Task.WhenAny(CopyAsync(near, far, either.Token), CopyAsync(far, near, either.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // Either end has gone: so goes the other.
        }

        await either.CancelAsync();
    }

    private async Task CopyAsync(Socket from, Socket to, CancellationToken end)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, end) is > 0 and var count)
            {
                var lost = Loss > 0 && Next() < Loss;
                if (lost && Next() < 0.1)
                {
                    return;
                }

                var wait = Delay + (lost ? Retransmission : TimeSpan.Zero);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, end);
                }

                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), end);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Broken: the caller ends both directions.
        }
    }

    private double Next()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
}
