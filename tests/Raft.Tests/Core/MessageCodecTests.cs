using System.Text;
using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Core;

public sealed class MessageCodecTests
{
    /// <summary>Bytes of version 1. They never change: a member of this version must read them for ever.</summary>
    public static TheoryData<string, string> Golden => new()
    {
        { "append", "01010002000000000000000100000000000000030802060000000200020168010300" },
        { "reject", "010201020000000000000001000000000000000504030002000000" },
        { "vote", "0107020200000000000000010000000000000005AC02030000000000" },
        { "heartbeat", "0103000200000000000000FFFFFFFFFFFFFFFF0500000700095800" },
        { "snapshot", "010904020000000000000001000000000000000500000000000009030A0101020102010201030002123400" },
        { "read", "010B000200000000000000010000000000000000000000002A0000" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Encodings_stay_as_they_are(string name, string hex)
    {
        Message message = Sample(name);
        Assert.Equal(hex, Convert.ToHexString(MessageCodec.Encode(message)));
        Assert.True(MessageCodec.TryDecode(Convert.FromHexString(hex), out Message decoded));
        AssertEqual(message, decoded);
    }

    [Fact]
    public void Every_message_survives_the_wire()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            Message message = Draw(random);
            byte[] bytes = MessageCodec.Encode(message);
            Assert.Equal(MessageCodec.GetSize(message), bytes.Length);
            Assert.True(MessageCodec.TryDecode(bytes, out Message decoded));
            AssertEqual(message, decoded);
        }
    }

    [Fact]
    public void Truncated_and_extended_messages_are_refused()
    {
        foreach (string name in Golden.Select(row => row.Data.Item1))
        {
            byte[] bytes = MessageCodec.Encode(Sample(name));
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.False(MessageCodec.TryDecode(bytes.AsMemory(0, length), out _));
            }

            Assert.False(MessageCodec.TryDecode((byte[])[.. bytes, 0], out _));
        }
    }

    [Fact]
    public void Garbage_is_refused_without_an_exception()
    {
        var random = new Random(2);
        int accepted = 0;
        for (int i = 0; i < 50_000; i++)
        {
            byte[] bytes = MessageCodec.Encode(Draw(random));
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            accepted += MessageCodec.TryDecode(bytes, out _) ? 1 : 0;
        }

        Assert.InRange(accepted, 1, 49_000);
    }

    [Fact]
    public void A_count_of_entries_beyond_the_message_is_refused_before_it_is_allocated()
    {
        byte[] bytes = MessageCodec.Encode(new Message { Type = MessageType.Append, To = 2, From = 1, Term = 1 });
        byte[] huge = [.. bytes[..^1], 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        Assert.False(MessageCodec.TryDecode(huge, out _));
    }

    private static Message Sample(string name) => name switch
    {
        "append" => new Message
        {
            Type = MessageType.Append,
            To = 2,
            From = 1,
            Term = 3,
            Index = 8,
            LogTerm = 2,
            Commit = 6,
            Entries = new[]
            {
                new Entry(9, 2, EntryKind.Normal, Encoding.UTF8.GetBytes("h")),
                new Entry(10, 3, EntryKind.ConfChange, default),
            },
        },
        "reject" => new Message
        {
            Type = MessageType.AppendResponse,
            To = 2,
            From = 1,
            Term = 5,
            Index = 4,
            LogTerm = 3,
            Reject = true,
            RejectHint = 2,
        },
        "vote" => new Message { Type = MessageType.Vote, To = 2, From = 1, Term = 5, Index = 300, LogTerm = 3, Force = true },
        "heartbeat" => new Message
        {
            Type = MessageType.Heartbeat,
            To = 2,
            From = ulong.MaxValue,
            Term = 5,
            Commit = 7,
            Context = 9,
            SentTick = 88,
        },
        "snapshot" => new Message
        {
            Type = MessageType.Snapshot,
            To = 2,
            From = 1,
            Term = 5,
            Snapshot = new SnapshotMetadata(9, 3, new ConfState([1, 2], [2], [3], [], autoLeave: true), new byte[] { 0x12, 0x34 }),
        },
        _ => new Message { Type = MessageType.ReadIndex, To = 2, From = 1, Context = 42 },
    };

    private static Message Draw(Random random)
    {
        var entries = new Entry[random.Next(4)];
        ulong index = (ulong)random.NextInt64(1 << 40);
        for (int i = 0; i < entries.Length; i++)
        {
            var data = new byte[random.Next(300)];
            random.NextBytes(data);
            entries[i] = new Entry(index + (ulong)i + 1, (ulong)random.Next(), (EntryKind)random.Next(2), data);
        }

        var state = new ConfState([1, (ulong)random.Next(2, 100)], null, [200]);
        return new Message
        {
            Type = (MessageType)random.Next(1, 13),
            To = (ulong)random.NextInt64(),
            From = (ulong)random.NextInt64(),
            Term = (ulong)random.NextInt64(),
            Index = index,
            LogTerm = (ulong)random.Next(),
            Commit = (ulong)random.Next(),
            Reject = random.Next(2) == 0,
            Force = random.Next(2) == 0,
            RejectHint = (ulong)random.Next(),
            Context = ulong.MaxValue - (ulong)random.Next(),
            SentTick = (ulong)random.Next(),
            Entries = entries,
            Snapshot = random.Next(4) == 0 ? new SnapshotMetadata(7, 2, state, new byte[] { 9 }) : null,
        };
    }

    private static void AssertEqual(in Message expected, in Message actual)
    {
        Assert.Equal(expected with { Entries = default, Snapshot = null }, actual with { Entries = default, Snapshot = null });
        Assert.Equal(expected.Entries.Length, actual.Entries.Length);
        for (int i = 0; i < expected.Entries.Length; i++)
        {
            Entry e = expected.Entries.Span[i];
            Entry a = actual.Entries.Span[i];
            Assert.Equal((e.Index, e.Term, e.Kind), (a.Index, a.Term, a.Kind));
            Assert.True(e.Data.Span.SequenceEqual(a.Data.Span));
        }

        Assert.Equal(expected.Snapshot?.Index, actual.Snapshot?.Index);
        Assert.Equal(expected.Snapshot?.ConfState, actual.Snapshot?.ConfState);
        Assert.Equal(expected.Snapshot?.Handle.ToArray(), actual.Snapshot?.Handle.ToArray());
    }
}
