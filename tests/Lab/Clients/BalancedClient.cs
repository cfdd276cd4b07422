using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Krewe.Lab.Clients;

/// <summary>
/// Puts and linearizable reads through a client library that knows all members and takes them in turn, as etcd's own does. It has no retry policy: what
/// shows here is what the library could not hide by itself.
/// </summary>
internal sealed class BalancedClient : IDisposable
{
    private const string Prefix = "/balanced/";
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly int _number;
    private readonly ServiceProvider _services;
    private readonly GrpcChannel _channel;
    private readonly KV.KVClient _kv;
    private readonly Dictionary<string, int> _errors = [];
    private long _written;

    public BalancedClient(int number, IEnumerable<LabMember> members)
    {
        _number = number;
        BalancerAddress[] addresses = [.. members.Select(m => new Uri(m.Address.ClientUrl)).Select(url => new BalancerAddress(url.Host, url.Port))];
        _services = new ServiceCollection().AddSingleton<ResolverFactory>(new StaticResolverFactory(_ => addresses)).BuildServiceProvider();
        _channel = GrpcChannel.ForAddress("static:///lab", new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Insecure,
            ServiceProvider = _services,
            ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } },
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(50),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(200),
        });
        _kv = new KV.KVClient(_channel);
    }

    /// <summary>Requests that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Requests whose connection never came to be, which were made again; etcd's own client does that by itself, this one does not.</summary>
    public int Repeated { get; private set; }

    /// <summary>Errors that the caller saw, by status and text.</summary>
    public IReadOnlyDictionary<string, int> Errors => _errors;

    public async Task RunAsync(CancellationToken end)
    {
        var key = ByteString.CopyFromUtf8(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_number}"));
        while (!end.IsCancellationRequested)
        {
            try
            {
                await ReadAndWriteAsync(key);
                Answered += 2;
            }
            catch (RpcException error) when (NeverLeft(error))
            {
                Repeated++;
            }
            catch (RpcException error)
            {
                var text = $"{error.StatusCode}: {error.Status.Detail}";
                _errors[text] = _errors.GetValueOrDefault(text) + 1;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _services.Dispose();
    }

    /// <summary>
    /// Nobody listened, the server stopped between the connection's TCP handshake and that of HTTP/2, or it said goodbye without an error before it took
    /// the stream (RFC 9113, section 6.8).
    /// </summary>
    private static bool NeverLeft(RpcException error) =>
        error.Status.Detail.StartsWith("Error starting gRPC call.", StringComparison.Ordinal)
        && (error.Status.Detail.Contains("did not complete the HTTP/2 handshake", StringComparison.Ordinal)
            || error.Status.Detail.Contains("Connection refused", StringComparison.Ordinal)
            || error.Status.Detail.Contains("The HTTP/2 server closed the connection. HTTP/2 error code 'NO_ERROR'", StringComparison.Ordinal));

    /// <summary>What is read back must be what was written last and acknowledged, or tried since.</summary>
    private async Task ReadAndWriteAsync(ByteString key)
    {
        var next = _written + 1;
        await _kv.PutAsync(
            new PutRequest { Key = key, Value = ByteString.CopyFromUtf8(next.ToString(CultureInfo.InvariantCulture)) }, deadline: DateTime.UtcNow + CallLimit);
        _written = next;
        var read = await _kv.RangeAsync(new RangeRequest { Key = key }, deadline: DateTime.UtcNow + CallLimit);
        Assert.Equal(next, long.Parse(read.Kvs[0].Value.ToStringUtf8(), CultureInfo.InvariantCulture));
    }
}
