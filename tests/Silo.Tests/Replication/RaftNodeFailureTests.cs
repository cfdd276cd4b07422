using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Replication;
using Krewe.Silo.Tests.Hosting;
using Krewe.Testing.Disk;

namespace Krewe.Silo.Tests.Replication;

/// <summary>What the core throws ends the member, on whatever thread it comes up.</summary>
public sealed class RaftNodeFailureTests
{
    private const ulong Term = 5;
    private readonly MemoryDisk _disk = new();
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordingLogger<RaftNode> _logger = new();

    [Fact(Timeout = 60_000)]
    public async Task A_log_that_cannot_be_read_ends_the_member_that_gets_a_message()
    {
        ulong first;
        using (var node = Open(out _))
        {
            first = node.LastIndex;
            node.Step(Append(first, Term, [1, 2, 3]));
        }

        using var reopened = Open(out var reader);
        reader.IsBroken = true;
        reopened.Step(Append(first + 2, Term, [4]));
        Assert.IsType<IOException>(await _failed.Task.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Contains(_logger.Messages, text => text.Contains(BreakableReader.Message, StringComparison.Ordinal));
        Assert.Equal(first + 3, reopened.LastIndex);
        Assert.Equal(AppendRefusal.Stopped, reopened.TryAppend(Term, new byte[1], out _));
        var refusal = await Assert.ThrowsAsync<EtcdException>(
            () => reopened.ReadBarrierAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(EtcdError.Stopped, refusal.Error);
    }

    /// <summary>A leader that goes on under a lease whose clock stands still would answer old values for ever.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_leader_that_failed_does_not_read_under_its_lease()
    {
        var machine = new RecordingStateMachine();
        using var member = new SingleMember(_disk, machine);
        var term = await member.StartAsync();
        await member.Node.ReadBarrierAsync(TestContext.Current.CancellationToken);
        machine.BeforeApply = () => throw new InvalidOperationException("broken");
        Assert.Equal(EntryStatus.Unknown, (await member.AppendAsync(term, [1])).Status);
        var refusal = await Assert.ThrowsAsync<EtcdException>(
            () => member.Node.ReadBarrierAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(EtcdError.Stopped, refusal.Error);
    }

    private static Message Append(ulong after, ulong term, byte[] payloads)
    {
        var previous = payloads[0] == 1 ? 0 : term;
        return new Message
        {
            Type = MessageType.Append,
            From = 2,
            To = 1,
            Term = term,
            Index = after,
            LogTerm = previous == 0 && after > 0 ? 1 : previous,
            Commit = 0,
            Entries = payloads.Select((payload, i) => new Entry(after + 1 + (ulong)i, term, EntryKind.Normal, new[] { payload })).ToArray(),
        };
    }

    /// <summary>With nothing of the log in memory.</summary>
    private RaftNode Open(out BreakableReader reader)
    {
        var log = MemberLog.OpenOrCreate(_disk, new WalIdentity(7, 1), new ConfState([1, 2, 3]), SingleMember.SmallSegments);
        reader = new BreakableReader(new WalLogReader(log.Log));
        var core = new RaftCore(new RaftOptions { Id = 1 }, log.InitialState(0) with { RecentEntries = default }, reader, new NoSnapshots());
        var options = new ReplicationOptions { TickMilliseconds = 60_000 };
        var node = new RaftNode(
            core, log.Log, new RecordingStateMachine(), new NoPeerTransport(), options, TimeProvider.System, e => _failed.TrySetResult(e), _logger);
        node.Start();
        return node;
    }

    private sealed class BreakableReader(ILogReader inner) : ILogReader
    {
        public const string Message = "the disk does not answer";

        public bool IsBroken { get; set; }

        public ReadOnlyMemory<Entry> Read(ulong from, ulong toExclusive, int maxBytes) =>
            IsBroken ? throw new IOException(Message) : inner.Read(from, toExclusive, maxBytes);

        public ulong Term(ulong index) => IsBroken ? throw new IOException(Message) : inner.Term(index);
    }
}
