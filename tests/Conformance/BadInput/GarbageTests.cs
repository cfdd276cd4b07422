using System.Text;
using Grpc.Core;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.BadInput;

/// <summary>Bytes that are neither HTTP nor gRPC: the server goes on serving and keeps no memory.</summary>
public sealed class GarbageTests
{
    private const int Rounds = 3;
    private const int ConnectionsPerRound = 60;

    /// <summary>
    /// Allowed growth of resident memory between the first round and the last. A managed heap commits in steps of several
    /// MB and native allocators keep arenas, so small growth says nothing; a leak of whole connections would exceed this.
    /// </summary>
    private const long FlatBytes = 96L * 1024 * 1024;

    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    [Fact(DisplayName = "random bytes, HTTP/1 garbage and broken HTTP/2 leave the server serving and memory flat")]
    public async Task Garbage_leaves_the_server_serving_and_memory_flat()
    {
        var seed = PeerPaths.Number("KREWE_SEED", 1);
        var random = new Random(seed);
        await using var server = await ServerProcess.StartAsync(new ServerOptions(ServerKind.Krewe, UnsafeNoFsync: true));
        var resident = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, ConnectionsPerRound).Select(_ => RawConnection.SendAsync(server.Target, Garbage(random))));
            Assert.False(server.HasExited, $"KREWE_SEED={seed}: the server died:\n{server.LogTail()}");
            var put = await server.Target.Kv.PutAsync(Requests.Put("a", $"{round}"), deadline: CaseRun.Deadline());
            Assert.Equal(round + 2, put.Header.Revision);
            resident.Add(server.ResidentBytes());
        }

        Assert.True(resident[^1] - resident[0] < FlatBytes, $"KREWE_SEED={seed}: resident bytes grew: {string.Join(' ', resident)}");
    }

    [Fact(DisplayName = "a body that is no protobuf and a broken gRPC frame get a gRPC error as from etcd")]
    public async Task A_body_that_is_no_protobuf_gets_a_grpc_error()
    {
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        foreach (var body in new byte[][] { [0xff, 0xff, 0xff], [0x0a, 0x7f, 1], [0x0a], [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] })
        {
            Assert.Equal(await CodeAsync(pair.Etcd.Target, body), await CodeAsync(pair.Krewe.Target, body));
        }

        await pair.Krewe.Target.Kv.RangeAsync(Requests.Range("a"), deadline: CaseRun.Deadline());
    }

    private static async Task<StatusCode> CodeAsync(IEtcdTarget target, byte[] body)
    {
        var marshaller = Marshallers.Create<byte[]>(b => b, b => b);
        var range = new Method<byte[], byte[]>(MethodType.Unary, "etcdserverpb.KV", "Range", marshaller, marshaller);
        try
        {
            await target.Channel.CreateCallInvoker().AsyncUnaryCall(range, null, new CallOptions(deadline: CaseRun.Deadline()), body);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static byte[] Garbage(Random random)
    {
        var noise = new byte[random.Next(1, 3000)];
        random.NextBytes(noise);
        return random.Next(7) switch
        {
            0 => noise,
            1 => [.. Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\n"), .. noise],
            2 => Encoding.ASCII.GetBytes($"GET /{new string('x', 200_000)} HTTP/1.1\r\n\r\n"),
            3 => Encoding.ASCII.GetBytes("POST /v3/kv/range HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n{}"),
            4 => [.. Preface, .. noise],
            5 => [.. Preface, .. Frame(random, noise)],
            _ => Preface[..random.Next(1, Preface.Length)],
        };
    }

    /// <summary>A frame with a right length and everything else random.</summary>
    private static byte[] Frame(Random random, byte[] payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, (byte)random.Next(12), (byte)random.Next(256),
        0, 0, 0, (byte)random.Next(4), .. payload,
    ];
}
