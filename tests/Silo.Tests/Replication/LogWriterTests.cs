using System.Collections.Concurrent;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Replication;
using Krewe.Testing.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Replication;

public sealed class LogWriterTests
{
    private static readonly WalIdentity Identity = new(ClusterId: 7, MemberId: 1);
    private static readonly ReplicationOptions Options = new() { DiskFullRetryDelay = TimeSpan.FromMilliseconds(1) };
    private readonly MemoryDisk _disk = new();
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Exception> _failures = [];

    [Fact]
    public async Task A_term_survives_that_the_disk_was_full_when_it_was_first_written()
    {
        var log = Open();
        var core = new RaftCore(new RaftOptions { Id = 1, ElectionTimeoutTicks = 10 }, log.InitialState(0), new WalLogReader(log.Log), new NoSnapshots());
        using (var writer = new LogWriter(log.Log, Options, TimeProvider.System, _ => _durable.TrySetResult(), _failures.Add, NullLogger.Instance))
        {
            core.Campaign();
            AddReady(core, writer);
            Assert.Equal(ProposeResult.Accepted, core.TryPropose(new byte[2 * WalOptions.MinSegmentBytes], out _, out _));
            AddReady(core, writer);
            _disk.CapacityBytes = _disk.UsedBytes;
            writer.Start();
            while (!writer.IsDiskFull)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            _disk.CapacityBytes = long.MaxValue;
            await _durable.Task.WaitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(_failures);
        using var again = Open().Log;
        Assert.Equal(core.Term, again.HardState.Term);
        Assert.Equal(1UL, again.HardState.Vote);
    }

    [Fact(Timeout = 60_000)]
    public async Task While_the_disk_is_full_no_thread_of_the_pool_waits_for_it()
    {
        var log = Open();
        var core = new RaftCore(new RaftOptions { Id = 1, ElectionTimeoutTicks = 10 }, log.InitialState(0), new WalLogReader(log.Log), new NoSnapshots());
        var written = 0;
        using (var writer = new LogWriter(
            log.Log, Options, TimeProvider.System, _ => Interlocked.Increment(ref written), _failures.Add, NullLogger.Instance))
        {
            core.Campaign();
            AddReady(core, writer);
            writer.Start();
            await UntilAsync(() => Volatile.Read(ref written) > 0);

            var attempts = new ConcurrentQueue<string?>();
            var before = Volatile.Read(ref written);
            _disk.CapacityBytes = _disk.UsedBytes;
            _disk.Before = (_, _) => attempts.Enqueue(Thread.CurrentThread.Name);
            Assert.Equal(ProposeResult.Accepted, core.TryPropose(new byte[2 * WalOptions.MinSegmentBytes], out _, out _));
            AddReady(core, writer);
            await UntilAsync(() => attempts.Count(name => name == "raft-log") > 10);
            Assert.True(writer.IsDiskFull);
            Assert.DoesNotContain(attempts.SkipWhile(name => name != "raft-log"), name => name != "raft-log");
            _disk.Before = null;
            _disk.CapacityBytes = long.MaxValue;
            await UntilAsync(() => Volatile.Read(ref written) > before);
            Assert.Equal(core.LastIndex, log.Log.LastIndex);
        }

        Assert.Empty(_failures);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Before the writer starts, so that all is written in one turn; the core is told at once that it is durable.</summary>
    private static void AddReady(RaftCore core, LogWriter writer)
    {
        while (core.HasReady)
        {
            var ready = core.TakeReady();
            writer.Add(ready);
            if (core.Role != RaftRole.Leader)
            {
                core.AppendDurable(ready.AppendSequence);
            }
        }
    }

    private MemberLog Open() => MemberLog.OpenOrCreate(_disk, Identity, new ConfState([1]), SingleMember.SmallSegments);
}
