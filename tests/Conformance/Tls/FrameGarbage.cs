using System.Buffers.Binary;
using System.Text;

namespace Krewe.Conformance.Tls;

/// <summary>What a broken or hostile client may send inside TLS, made from a seed.</summary>
internal static class FrameGarbage
{
    private const int Data = 0;
    private const int Headers = 1;
    private const int RstStream = 3;
    private const int Settings = 4;
    private const int Ping = 6;
    private const int WindowUpdate = 8;
    private const int Continuation = 9;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int LargestLength = 0xffffff;
    private const int Flood = 3_000;
    private const int FloodBytes = 4 << 20;

    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

    /// <summary>:method POST, :scheme https, the path of Put, content-type of gRPC, te trailers; no name is indexed.</summary>
    private static readonly byte[] PutHeaders =
    [
        0x83, 0x87, .. Literal(4, "/etcdserverpb.KV/Put"), .. Literal(1, "a"), .. Literal("content-type", "application/grpc"), .. Literal("te", "trailers"),
    ];

    /// <summary>A gRPC message that puts a under a.</summary>
    private static readonly byte[] PutMessage = [0, 0, 0, 0, 6, 0x0a, 1, (byte)'a', 0x12, 1, (byte)'a'];

    /// <summary>Names of <see cref="Of"/>'s kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "noise", "noise behind the preface", "random frames", "cut frame", "oversized frame", "wrong order", "put without a token, cut and flipped",
        "flood of SETTINGS", "flood of PING", "flood of HEADERS", "flood of CONTINUATION", "flood of RST_STREAM", "window overflow", "HTTP/1",
        "peer's greeting with noise", "length of a gigabyte",
    ];

    public static byte[] Of(int kind, Random random) => kind switch
    {
        0 => Noise(random),
        1 => [.. Preface, .. Noise(random)],
        2 => [.. Preface, .. Enumerable.Range(0, random.Next(1, 50)).SelectMany(_ => RandomFrame(random))],
        3 => [.. Preface, .. Frame(random.Next(10), (byte)random.Next(256), 1, new byte[1000])[..random.Next(1, 1000)]],
        4 => [.. Preface, .. Head(LargestLength, random.Next(10), 0, 1), .. Noise(random)],
        5 => [.. Preface, .. WrongOrder(random)],
        6 => [.. Preface, .. BrokenPut(random)],
        7 => [.. Preface, .. Repeat(_ => Frame(Settings, 0, 0, [0, 3, 0, 0, 0, (byte)random.Next(256)]))],
        8 => [.. Preface, .. Repeat(_ => Frame(Ping, 0, 0, new byte[8]))],
        9 => [.. Preface, .. Repeat(i => Frame(Headers, EndHeaders, Stream(i), PutHeaders))],
        10 => [.. Preface, .. Frame(Headers, 0, 1, PutHeaders), .. Continuations(random)],
        11 => [.. Preface, .. Repeat(i => [.. Frame(Headers, EndHeaders, Stream(i), PutHeaders), .. Frame(RstStream, 0, Stream(i), [0, 0, 0, 8])])],
        12 => [.. Preface, .. Repeat(_ => Frame(WindowUpdate, 0, 0, [0x7f, 0xff, 0xff, 0xff]))],
        13 => [.. "POST /v3/kv/put HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n{"u8, .. Noise(random)],
        14 => [.. "KRWP"u8, .. Noise(random)],
        _ => [0, 0, 0, 0x40, 0x40, 0, 0, 0, .. Noise(random)],
    };

    private static int Stream(int index) => (2 * index) + 1;

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(1, 3000)];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] RandomFrame(Random random)
    {
        var payload = new byte[random.Next(0, 200)];
        random.NextBytes(payload);
        return Frame(random.Next(12), (byte)random.Next(256), random.Next(6), payload);
    }

    private static byte[] WrongOrder(Random random) => random.Next(6) switch
    {
        0 => Frame(Data, EndStream, 1, PutMessage),
        1 => Frame(Continuation, EndHeaders, 1, PutHeaders),
        2 => Frame(Headers, EndHeaders, 0, PutHeaders),
        3 => Frame(Headers, EndHeaders, 2, PutHeaders),
        4 => [.. Frame(Headers, EndHeaders, 5, PutHeaders), .. Frame(Headers, EndHeaders, 3, PutHeaders)],
        _ => [.. Frame(Headers, 0, 1, PutHeaders), .. Frame(Data, EndStream, 1, PutMessage)],
    };

    private static byte[] BrokenPut(Random random)
    {
        byte[] put = [.. Frame(Headers, EndHeaders, 1, PutHeaders), .. Frame(Data, EndStream, 1, PutMessage)];
        for (var i = random.Next(4); i > 0; i--)
        {
            put[random.Next(put.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? put[..random.Next(1, put.Length)] : put;
    }

    private static IEnumerable<byte> Continuations(Random random)
    {
        var payload = new byte[16 * 1024];
        random.NextBytes(payload);
        return Enumerable.Range(0, FloodBytes / payload.Length).SelectMany(_ => Frame(Continuation, 0, 1, payload));
    }

    private static IEnumerable<byte> Repeat(Func<int, byte[]> frame) => Enumerable.Range(0, Flood).SelectMany(frame);

    private static byte[] Frame(int type, byte flags, int stream, ReadOnlySpan<byte> payload) => [.. Head(payload.Length, type, flags, stream), .. payload];

    private static byte[] Head(int length, int type, byte flags, int stream)
    {
        var head = new byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(0), length << 8);
        head[3] = (byte)type;
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(5), stream);
        return head;
    }

    private static byte[] Literal(byte nameIndex, string value) => [nameIndex, .. Text(value)];

    private static byte[] Literal(string name, string value) => [0, .. Text(name), .. Text(value)];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
