using System.Text;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Keyspace.Tests.Model;

/// <summary>Makes up operations over few keys, so that they meet often. Reproducible from its seed.</summary>
internal sealed class RandomOperations(int seed)
{
    private const string Alphabet = "ab\0\u00ff";

    public Random Random { get; } = new(seed);

    public long Lease() => Random.Next(3) == 0 ? Random.Next(1, 6) : 0;

    public ReadOnlyMemory<byte> Key()
    {
        var text = new StringBuilder();
        int length = Random.Next(1, 4);
        for (int i = 0; i < length; i++)
        {
            text.Append(Alphabet[Random.Next(Alphabet.Length)]);
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public ReadOnlyMemory<byte> RangeEnd() => Random.Next(4) switch
    {
        0 => default,
        1 => new byte[] { 0 },
        _ => Key(),
    };

    public PutRequest Put()
    {
        bool ignoreValue = Random.Next(8) == 0;
        bool ignoreLease = Random.Next(8) == 0;
        return new PutRequest
        {
            Key = Key(),
            Value = ignoreValue ? default : Value(),
            Lease = ignoreLease ? 0 : Lease(),
            PrevKv = Random.Next(2) == 0,
            IgnoreValue = ignoreValue,
            IgnoreLease = ignoreLease,
        };
    }

    public DeleteRangeRequest Delete() => new() { Key = Key(), RangeEnd = Random.Next(3) == 0 ? RangeEnd() : default, PrevKv = Random.Next(2) == 0 };

    public RangeRequest Range(long current, long compactRevision) => new()
    {
        Key = Key(),
        RangeEnd = RangeEnd(),
        Limit = Random.Next(3) == 0 ? Random.Next(-1, 6) : 0,
        Revision = Random.Next(2) == 0 ? 0 : Random.NextInt64(Math.Max(-1, compactRevision - 2), current + 3),
        SortOrder = (SortOrder)Random.Next(3),
        SortTarget = (SortTarget)Random.Next(5),
        KeysOnly = Random.Next(4) == 0,
        CountOnly = Random.Next(8) == 0,
        MinModRevision = Filter(current),
        MaxModRevision = Filter(current),
        MinCreateRevision = Filter(current),
        MaxCreateRevision = Filter(current),
    };

    public TxnRequest Txn(long current, long compactRevision, int depth = 0) => new()
    {
        Compares = List(3, () => Compare(current)),
        Success = List(4, () => Operation(current, compactRevision, depth)),
        Failure = List(4, () => Operation(current, compactRevision, depth)),
    };

    public TxnRequest ReadTxn(long current, long compactRevision) => new()
    {
        Compares = List(2, () => Compare(current)),
        Success = List<KvOperation>(3, () => Range(current, compactRevision)),
        Failure = List<KvOperation>(3, () => Range(current, compactRevision)),
    };

    private KvOperation Operation(long current, long compactRevision, int depth) => Random.Next(depth < 2 ? 8 : 7) switch
    {
        0 or 1 or 2 => Put(),
        3 or 4 => Delete(),
        5 or 6 => Range(current, compactRevision),
        _ => Txn(current, compactRevision, depth + 1),
    };

    private Compare Compare(long current) => new()
    {
        Key = Key(),
        RangeEnd = Random.Next(4) == 0 ? RangeEnd() : default,
        Target = (CompareTarget)Random.Next(5),
        Result = (CompareResult)Random.Next(4),
        Number = Random.Next(3) == 0 ? Random.NextInt64(0, current + 1) : Random.Next(0, 4),
        Value = Random.Next(2) == 0 ? default : Value(),
    };

    private long Filter(long current) => Random.Next(12) == 0 ? Random.NextInt64(1, current + 1) : 0;

    private ReadOnlyMemory<byte> Value()
    {
        // Few distinct values, of all the sizes that the value cache treats differently.
        byte[] value = new byte[Random.Next(6) switch { 0 => 0, 1 => 300, 2 => 70, _ => 1 }];
        Array.Fill(value, (byte)('p' + Random.Next(3)));
        return value;
    }

    private List<T> List<T>(int max, Func<T> make)
    {
        int count = Random.Next(max);
        List<T> items = [];
        for (int i = 0; i < count; i++)
        {
            items.Add(make());
        }

        return items;
    }
}
