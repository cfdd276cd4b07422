using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Testing.Disk;

namespace Krewe.Raft.Tests.Log;

/// <summary>The machine or the process dies at every kind of moment, and the disk keeps an arbitrary part of what was not synced.</summary>
public sealed class CrashTests
{
    private const int Seeds = 3_000;
    private const int RoundsPerSeed = 4;

    [Fact]
    public void After_a_crash_the_log_is_what_it_was_after_some_append_and_never_less_than_what_was_synced()
    {
        var crashes = 0;
        var tornTails = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                var run = new CrashRun(seed);
                for (var round = 0; round < RoundsPerSeed; round++)
                {
                    run.Round();
                }

                crashes += run.Crashes;
                tornTails += run.TornTails;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        // The test must not pass because nothing happened.
        Assert.InRange(crashes, Seeds, Seeds * RoundsPerSeed);
        Assert.InRange(tornTails, Seeds / 10, Seeds * RoundsPerSeed);
    }

    private sealed class CrashRun(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<LogModel> _history = [new LogModel()];
        private MemoryDisk _disk = new();
        private int _durable;
        private bool _created;

        internal int Crashes { get; private set; }

        internal int TornTails { get; private set; }

        private WalOptions Options => Wal.Options() with { NextSalt = () => (uint)_random.Next() };

        /// <summary>Open, verify, work until the crash.</summary>
        internal void Round()
        {
            // Half of the crashes hit while the log is opened or worked on, at an arbitrary disk operation.
            var fuse = _random.Next(2) == 0 ? _random.Next(1, 60) : int.MaxValue;
            _disk.Before = (_, _) =>
            {
                if (--fuse <= 0)
                {
                    throw new PowerLostException();
                }
            };
            try
            {
                var log = OpenOrCreate();
                Verify(log);
                Work(log, _random.Next(1, 40));
                if (_random.Next(8) == 0)
                {
                    log.Dispose(); // swallows the crash
                    _durable = fuse > 0 ? _history.Count - 1 : _durable;
                }
            }
            catch (Exception e) when (fuse <= 0 && (e is PowerLostException || e.InnerException is PowerLostException))
            {
                // as intended
            }

            Crash();
        }

        private void Crash()
        {
            _disk.Before = null;
            Crashes++;
            if (_random.Next(4) == 0)
            {
                _disk.LoseProcess();
            }
            else
            {
                _disk = _disk.LosePower(_random);
            }
        }

        private WriteAheadLog OpenOrCreate()
        {
            if (WriteAheadLog.Exists(_disk))
            {
                _created = true;
                return WriteAheadLog.Open(_disk, Options);
            }

            Assert.False(_created, "the log is gone");
            var log = Wal.Create(_disk, Options);
            _created = true;
            return log;
        }

        private void Verify(WriteAheadLog log)
        {
            TornTails += log.Opened.TornTail is null ? 0 : 1;
            var found = _history.FindLastIndex(model => model.Matches(log));
            Assert.True(found >= _durable, $"found state {found} of {_history.Count - 1}; {_durable} was synced; last index {log.LastIndex}");

            // What was read is durable from now on, and what is not in it never happened.
            _history.RemoveRange(found + 1, _history.Count - found - 1);
            _durable = found;
        }

        private void Work(WriteAheadLog log, int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                var model = _history[^1];
                switch (_random.Next(12))
                {
                    case < 7:
                        Append(log, model);
                        break;
                    case < 10:
                        log.Sync();
                        _durable = _history.Count - 1;
                        break;
                    case 10:
                        Snapshot(log, model);
                        break;
                    default:
                        Release(log, model);
                        break;
                }
            }
        }

        private void Append(WriteAheadLog log, LogModel model)
        {
            var first = model.LastIndex + 1;
            if (_random.Next(4) == 0 && model.LastIndex > model.HardState.Commit)
            {
                first -= (ulong)_random.NextInt64((long)(model.LastIndex - Math.Max(model.HardState.Commit, log.FirstIndex - 1)) + 1);
            }

            var term = Math.Max(model.HardState.Term, model.LastTerm) + (ulong)_random.Next(2);
            var entries = Wal.Entries(first, _random.Next(8), term, _random.Next(10) == 0 ? _random.Next(6000) : _random.Next(100));
            HardState? state = null;
            if (entries.Length == 0 || _random.Next(3) == 0)
            {
                var last = entries.Length == 0 ? model.LastIndex : entries[^1].Index;
                var commit = model.HardState.Commit + (ulong)_random.NextInt64((long)(last - model.HardState.Commit) + 1);
                state = new HardState(term, (ulong)_random.Next(4), commit);
            }

            _history.Add(model.Append(entries, state));
            log.Append(entries, state);
        }

        private void Snapshot(WriteAheadLog log, LogModel model)
        {
            var ahead = _random.Next(3) == 0;
            var index = ahead ? model.LastIndex + (ulong)_random.Next(1, 50) : Math.Max(model.HardState.Commit, log.FirstIndex - 1);
            var term = ahead ? model.HardState.Term + 1 : log.Term(index);
            var marker = new SnapshotMarker(index, term, new byte[_random.Next(40)]);
            HardState? state = ahead && _random.Next(2) == 0 ? new HardState(term, 0, index) : null;
            _history.Add(model.Snapshot(marker, resets: ahead).Append([], state));
            log.AppendSnapshot(marker, state);
        }

        private void Release(WriteAheadLog log, LogModel model)
        {
            log.ReleaseTo(Math.Max(1, model.HardState.Commit));
            _durable = _history.Count - 1; // a release syncs first
        }
    }
}
