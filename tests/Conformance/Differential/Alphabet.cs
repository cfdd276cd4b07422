using Google.Protobuf;

namespace Krewe.Conformance.Differential;

/// <summary>The few keys, ends and values that runs use, so that operations meet each other often.</summary>
internal static class Alphabet
{
    private static readonly ByteString[] Keys =
    [
        Text("a"), Text("aa"), Text("ab"), Text("a/1"), Text("a/2"), Text("b"), Text("b\0"), Text("c"), Text("p/x"), Text("p/y"),
        ByteString.CopyFrom(0), ByteString.CopyFrom(0xff), ByteString.CopyFrom(0xff, 0xff), ByteString.CopyFrom(0x80, 0, 1),
    ];

    private static readonly ByteString[] Values =
    [
        ByteString.Empty, Text("1"), Text("2"), Text("2"), Text("value"), ByteString.CopyFrom(0, 0xff, 0x80, 0),
        ByteString.CopyFrom(new byte[300]),
    ];

    private static readonly ByteString[] Ends = [Text("b"), Text("a0"), Text("p0"), Text("z"), Text("\0"), Text("\0"), ByteString.CopyFrom(0xff)];

    public static ByteString Key(Random random) => random.Next(200) == 0 ? ByteString.Empty : Keys[random.Next(Keys.Length)];

    public static ByteString Value(Random random) => Values[random.Next(Values.Length)];

    /// <summary>Half of the time none, else an open end, a prefix end or any key.</summary>
    public static ByteString End(Random random) => random.Next(6) switch
    {
        < 3 => ByteString.Empty,
        3 => Keys[random.Next(Keys.Length)],
        _ => Ends[random.Next(Ends.Length)],
    };

    /// <summary>Ids that grants choose from.</summary>
    public static long Lease(Random random) => random.Next(8) switch { 0 => -3, 1 => long.MaxValue, var n => n };

    /// <summary>Mostly no lease, sometimes one that exists or not.</summary>
    public static long PutLease(Random random) => random.Next(4) == 0 ? Lease(random) : 0;

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);
}
