using System.Globalization;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Compaction;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Keyspace.Reads;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Keyspace.Tests.Model;
using Krewe.Raft.Core;

namespace Krewe.Keyspace.Tests;

/// <summary>
/// The whole keyspace against the reference model, with everything that may happen in between: delayed and split applies, rolled back
/// batches, failing stores, compactions at any point, restarts from any flushed state, changes of term.
/// </summary>
public sealed class RandomisedKeyspaceTests
{
    private const int Steps = 400;

    // KREWE_SEEDS runs more of them.
    private static readonly int SeedCount =
        int.TryParse(Environment.GetEnvironmentVariable("KREWE_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int seeds) ? seeds : 60;

    public static TheoryData<int> Seeds
    {
        get
        {
            var seeds = new TheoryData<int>();
            for (int seed = 1; seed <= SeedCount; seed++)
            {
                seeds.Add(seed);
            }

            return seeds;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Behaves_as_the_reference_model(int seed)
    {
        using var run = new Run(seed);
        run.Execute();
    }

    private sealed class Run : IDisposable
    {
        private readonly int _seed;
        private readonly RandomOperations _make;
        private readonly Random _random;
        private readonly KeyspaceHarness _keyspace;
        private readonly ReferenceModel _model = new();
        private int _step;

        public Run(int seed)
        {
            _seed = seed;
            _make = new RandomOperations(seed);
            _random = _make.Random;
            _keyspace = new KeyspaceHarness(new KeyspaceOptions
            {
                ScanChunkKeys = _random.Next(1, 9),
                ApplyChunkChanges = _random.Next(1, 9),
                ValueChunkBytes = 128,
                LargeValueBytes = 100,
                ValueCacheBytes = _random.Next(3) switch { 0 => 0, 1 => 512, _ => 1 << 20 },
                HistoryRowsPerRead = _random.Next(1, 20),
            });
        }

        public void Dispose() => _keyspace.Dispose();

        public void Execute()
        {
            try
            {
                for (_step = 0; _step < Steps; _step++)
                {
                    Step();
                }

                CheckReplay();
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"Seed {_seed}, step {_step}: {wrong.Message}", wrong);
            }
        }

        private void Step()
        {
            switch (_random.Next(20))
            {
                case < 9:
                    WriteBatch(rollBack: _random.Next(10) == 0);
                    break;
                case < 12:
                    Apply();
                    break;
                case < 16:
                    CheckReads();
                    break;
                case 16:
                    Check(CompactionProgress.Waiting, (_, progress) => progress != CompactionProgress.Waiting, _keyspace.State.CompactStep(_random.Next(1, 8)));
                    break;
                case 17:
                    _keyspace.Store.Flush();
                    break;
                case 18 when _random.Next(4) == 0:
                    Restart();
                    break;
                case 19 when _random.Next(4) == 0:
                    ChangeTerm();
                    break;
                default:
                    CheckHistory();
                    break;
            }
        }

        private void WriteBatch(bool rollBack)
        {
            Tail tail = _keyspace.Tail;
            lock (tail.Gate)
            {
                Assert.Equal(TailStatus.Ready, tail.TryBegin([], out TailBatch batch));
                int operations = _random.Next(1, 5);
                if (rollBack)
                {
                    RollBack(batch, operations);
                    return;
                }

                for (int i = 0; i < operations; i++)
                {
                    EvaluateOne(batch);
                }

                batch.Commit(_keyspace.AppendPayload(batch.Seal()));
                _model.Commit();
            }

            Assert.Equal(_model.State.Revision, tail.Revision);
        }

        // The model is not told, so anything that a rolled back batch leaves behind shows later.
        private void RollBack(TailBatch batch, int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                batch.Evaluate(_make.Txn(_model.State.Revision, _model.State.CompactRevision));
                batch.GrantLease(_random.Next(1, 6), 10);
                batch.RevokeLease(_random.Next(1, 6), out _);
                batch.Compact(_random.NextInt64(0, _model.State.Revision + 1));
            }

            if (_random.Next(2) == 0)
            {
                batch.Seal();
            }

            batch.Rollback();
        }

        private void EvaluateOne(TailBatch batch)
        {
            (long revision, long compactRevision) = (_model.State.Revision, _model.State.CompactRevision);
            long lease = _random.Next(1, 6);
            switch (_random.Next(14))
            {
                case < 5:
                    CheckOutcome(batch, _make.Put());
                    break;
                case < 7:
                    CheckOutcome(batch, _make.Delete());
                    break;
                case < 10:
                    CheckOutcome(batch, _make.Txn(revision, compactRevision));
                    break;
                case 10 or 11:
                    Assert.Equal(_model.Grant(lease, 10 + lease), batch.GrantLease(lease, 10 + lease));
                    break;
                case 12:
                    Assert.Equal(_model.Revoke(lease, out long expected), batch.RevokeLease(lease, out long actual));
                    Assert.Equal(expected, actual);
                    break;
                default:
                    long at = _random.NextInt64(compactRevision - 1, revision + 2);
                    Assert.Equal(_model.Compact(at), batch.Compact(at).Error);
                    break;
            }
        }

        private void CheckOutcome(TailBatch batch, KvOperation operation)
        {
            string expected = Describe.Outcome(_model.Evaluate(operation));
            Assert.Equal(expected, Describe.Outcome(batch.Evaluate(operation)));
        }

        private void Apply()
        {
            int max = _random.Next(1, 6);
            if (_random.Next(8) == 0 && (int)_keyspace.State.AppliedIndex < _keyspace.Log.Count)
            {
                (long revision, ulong applied) = (_keyspace.State.Revision, _keyspace.State.AppliedIndex);
                _keyspace.Store.FailNextWrites(1);
                Assert.Throws<StoreFaultException>(() => _keyspace.Apply(max));
                Assert.Equal((revision, applied), (_keyspace.State.Revision, _keyspace.State.AppliedIndex));
                CheckReads();
            }

            Assert.All(_keyspace.Apply(max), result => Assert.Equal(ApplyStatus.Applied, result.Status));
        }

        private void CheckReads()
        {
            (long current, long compactRevision) = (_keyspace.State.Revision, _keyspace.State.CompactRevision);
            for (int i = 0; i < 5; i++)
            {
                RangeRequest range = _make.Range(current, compactRevision);
                string expected = Describe.Outcome(_model.Range(range, current, compactRevision));
                Assert.Equal(expected, Describe.Outcome(_keyspace.State.Range(range)));
            }

            CheckRangeStream(current, compactRevision);
        }

        private void CheckRangeStream(long current, long compactRevision)
        {
            RangeRequest any = _make.Range(current, compactRevision);
            var request = new RangeRequest { Key = any.Key, RangeEnd = any.RangeEnd, Limit = any.Limit, Revision = any.Revision, KeysOnly = any.KeysOnly };
            KvOutcome whole = _model.Range(request, current, compactRevision);
            RangeStreamReader? reader = _keyspace.State.OpenRange(request, _random.Next(1, 200), out EtcdError error);
            Assert.Equal(whole.Error, error);
            List<KeyValue> kvs = [];
            RangeResult? last = null;
            while (reader is { IsDone: false })
            {
                last = Assert.IsType<RangeResult>(reader.Next().Result);
                Assert.Equal(reader.IsDone, last.Revision != 0);
                kvs.AddRange(last.Kvs);
            }

            if (last is not null)
            {
                var joined = new RangeResult { Revision = last.Revision, Count = last.Count, More = last.More, Kvs = kvs.ToArray() };
                Assert.Equal(Describe.Result(whole.Result!), Describe.Result(joined));
            }
        }

        private void CheckHistory()
        {
            (long current, long compactRevision) = (_keyspace.State.Revision, _keyspace.State.CompactRevision);
            long from = _random.NextInt64(Math.Max(1, compactRevision), current + 1);
            (ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> end) = (_make.Key(), _make.RangeEnd());
            string expected = Describe.Events(
                _model.Events(from, current, candidate => ReferenceModel.Contains(key, end, candidate), compactRevision)
                    .Where(events => events.Revision > compactRevision));

            // At the compaction revision itself only the last event of a key is sure to be kept.
            string actual = Describe.Events(_keyspace.History(from, ReferenceModel.Text(key), ReferenceModel.Text(end))
                .Where(events => events.Revision > compactRevision));
            Assert.Equal(expected, actual);
        }

        private void Restart()
        {
            _keyspace.Store.Crash();
            _keyspace.Start();
            _keyspace.ApplyAll();
            _keyspace.Tail.Reset(_keyspace.Term);
            CheckReads();
            CheckHistory();
            CheckLeases();
        }

        private void ChangeTerm()
        {
            int applied = (int)_keyspace.State.AppliedIndex;
            _model.TruncateTo(applied);
            _keyspace.LoseTail();
            _model.Commit();
            CheckLeases();
        }

        private void CheckLeases()
        {
            if ((int)_keyspace.State.AppliedIndex != _keyspace.Log.Count)
            {
                return;
            }

            Assert.Equal(
                _model.State.Leases.Select(lease => (lease.Key, lease.Value)),
                _keyspace.State.Leases.Snapshot().Select(lease => (lease.Id, lease.TtlSeconds)).Order());
            foreach (long id in _model.State.Leases.Keys)
            {
                Assert.Equal(
                    _model.State.Keys.Where(pair => pair.Value.Lease == id).Select(pair => pair.Key),
                    _keyspace.State.Leases.Keys(id).Select(key => ReferenceModel.Text(key)));
            }

            Assert.Equal(0, _keyspace.State.Leases.DanglingAttachments);
        }

        // The log alone, applied in other portions and without any compaction steps, gives the same state and the same events.
        private void CheckReplay()
        {
            _keyspace.ApplyAll();
            CheckLeases();
            Assert.Equal(_model.State.CompactRevision, _keyspace.State.CompactRevision);
            using var replayed = new KeyspaceHarness(log: _keyspace.Log);
            while (replayed.Apply(_random.Next(1, 50)).Length > 0)
            {
            }

            Assert.Equal(
                Describe.Events(_model.Events(2, long.MaxValue, _ => true, -1)),
                Describe.Events(replayed.Sink.Published));
            CheckHashes(replayed);
            _keyspace.RemoveCompacted();
            CheckHashes(replayed);
            replayed.RemoveCompacted();
            CheckHashes(replayed);
        }

        private void CheckHashes(KeyspaceHarness replayed)
        {
            for (long revision = Math.Max(1, _keyspace.State.CompactRevision); revision <= _keyspace.State.Revision; revision++)
            {
                Assert.Equal(EtcdError.None, _keyspace.State.HashKv(revision, out var mine));
                Assert.Equal(EtcdError.None, replayed.State.HashKv(revision, out var other));
                Assert.Equal(other, mine);
            }
        }

        private static void Check<T>(T argument, Func<T, T, bool> holds, T value) => Assert.True(holds(argument, value));
    }
}
