using System.Text;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Applying;

public sealed class ApplyTests : IDisposable
{
    private readonly CountingModule _module = new();
    private readonly KeyspaceHarness _keyspace;

    public ApplyTests() => _keyspace = new KeyspaceHarness(modules: [_module]);

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void A_store_that_fails_makes_nothing_visible_and_the_same_batch_is_tried_again_without_applying_twice()
    {
        _keyspace.Append(batch => batch.Evaluate(Put("a")));
        _keyspace.Append(batch => batch.GrantLease(1, 10));
        _keyspace.AppendPayload(ModuleEntry.Encode(CommandKind.PrefixMap, "x"u8));
        _keyspace.Store.FailNextWrites(2);
        Assert.Throws<StoreFaultException>(() => _keyspace.ApplyAll());
        Assert.Throws<StoreFaultException>(() => _keyspace.ApplyAll());
        Assert.Equal((1, 0UL, "-"), (_keyspace.State.Revision, _keyspace.State.AppliedIndex, _keyspace.Value("a")));
        Assert.Empty(_keyspace.Sink.Published);
        ApplyResult[] results = _keyspace.ApplyAll();
        Assert.Equal(["x#1"], results[2].ModuleResults);
        Assert.Equal((2, 3UL, "v"), (_keyspace.State.Revision, _keyspace.State.AppliedIndex, _keyspace.Value("a")));
        Assert.Single(_keyspace.Sink.Published);
    }

    [Fact]
    public void Another_batch_is_not_accepted_while_one_waits_for_the_store()
    {
        _keyspace.Append(batch => batch.Evaluate(Put("a")));
        _keyspace.Append(batch => batch.Evaluate(Put("b")));
        _keyspace.Store.FailNextWrites(1);
        Assert.Throws<StoreFaultException>(() => _keyspace.Apply(2));
        Assert.Throws<InvalidOperationException>(() => _keyspace.Apply(1));
    }

    [Fact]
    public void Entries_are_applied_in_order_and_without_gaps()
    {
        _keyspace.Append(batch => batch.Evaluate(Put("a")));
        _keyspace.Append(batch => batch.Evaluate(Put("b")));
        Entry[] second = [_keyspace.Log[1]];
        Assert.Throws<InvalidOperationException>(() => _keyspace.State.Apply(second, new ApplyResult[1]));
        _keyspace.ApplyAll();
        Assert.Throws<InvalidOperationException>(() => _keyspace.State.Apply(second, new ApplyResult[1]));
    }

    [Fact]
    public void Membership_changes_and_the_first_entry_of_a_term_pass_and_count()
    {
        _keyspace.Log.Add(new Entry(1, 1, EntryKind.ConfChange, new byte[] { 1, 2, 3 }));
        _keyspace.AppendPayload(default);
        _keyspace.ApplyAll();
        Assert.Equal((2UL, 1, 1), (_keyspace.State.AppliedIndex, _keyspace.State.Revision, _module.Terms));
    }

    [Fact]
    public void Modules_see_commands_in_order_and_answer_who_proposed()
    {
        _keyspace.AppendPayload(ModuleEntry.Encode(CommandKind.PrefixMap, "one"u8));
        _keyspace.Append<object?>(batch =>
        {
            batch.Evaluate(Put("a"));
            batch.AddModuleCommand(CommandKind.PrefixMap, "two"u8);
            batch.AddModuleCommand(CommandKind.PrefixMap, "three"u8);
            return null;
        });
        ApplyResult[] results = _keyspace.ApplyAll();
        Assert.Equal(["one#1"], results[0].ModuleResults);
        Assert.Equal(["two#2", "three#3"], results[1].ModuleResults);
        Assert.Equal((1UL, 1UL), (results[0].Index, results[0].Term));
    }

    [Fact]
    public void A_command_that_nobody_knows_stops_the_member()
    {
        _keyspace.AppendPayload(ModuleEntry.Encode(CommandKind.Auth, "x"u8));
        Assert.Throws<InvalidDataException>(() => _keyspace.ApplyAll());
    }

    [Fact]
    public void An_entry_that_was_evaluated_against_another_state_changes_nothing()
    {
        using var other = new KeyspaceHarness();
        other.Do(Put("x"));
        other.Append(batch => batch.Evaluate(Put("y")));
        _keyspace.AppendPayload(other.Log[1].Data);
        Assert.Equal(ApplyStatus.RefusedRevision, Assert.Single(_keyspace.ApplyAll()).Status);
        Assert.Equal((1, 1UL, 1UL), (_keyspace.State.Revision, _keyspace.State.AppliedIndex, _keyspace.State.LastRefusedIndex));
        Assert.Equal(0, _keyspace.State.KeyCount);
    }

    [Fact]
    public void B264_alarms_survive_a_restart()
    {
        _keyspace.Append(batch => batch.ActivateAlarm(new Alarm(1, AlarmType.NoSpace)));
        _keyspace.Append(batch => batch.ActivateAlarm(new Alarm(1, AlarmType.NoSpace)));
        _keyspace.Append(batch => batch.ActivateAlarm(new Alarm(2, AlarmType.Corrupt)));
        Assert.Empty(_keyspace.Append(batch => batch.ActivateAlarm(new Alarm(2, AlarmType.None))));
        Assert.Empty(_keyspace.Append(batch => batch.DeactivateAlarm(new Alarm(3, AlarmType.Corrupt))));
        _keyspace.ApplyAll();
        _keyspace.Start();
        Assert.Equal([new Alarm(1, AlarmType.NoSpace), new Alarm(2, AlarmType.Corrupt)], _keyspace.State.Alarms.OfType(AlarmType.None));
        Assert.Equal([new Alarm(2, AlarmType.Corrupt)], _keyspace.State.Alarms.OfType(AlarmType.Corrupt));
        Assert.Equal(2, _keyspace.Tail.Alarms.Length);
        _keyspace.Append(batch => batch.DeactivateAlarm(new Alarm(1, AlarmType.NoSpace)));
        _keyspace.ApplyAll();
        _keyspace.Start();
        Assert.False(_keyspace.State.Alarms.Any(AlarmType.NoSpace));
    }

    [Fact]
    public void B014_a_crash_goes_back_to_a_flushed_state_and_the_log_brings_the_rest()
    {
        _keyspace.Do(Put("a", "1"));
        _keyspace.Store.Flush();
        _keyspace.Do(Put("a", "2"));
        _keyspace.Do(Delete("a"));
        _keyspace.Store.Crash();
        _keyspace.Start();
        Assert.Equal((2, 1UL, "1"), (_keyspace.State.Revision, _keyspace.State.AppliedIndex, _keyspace.Value("a")));
        _keyspace.ApplyAll();
        Assert.Equal((4, "-"), (_keyspace.State.Revision, _keyspace.Value("a")));
    }

    [Fact]
    public void A_value_that_the_cache_dropped_is_read_from_the_store()
    {
        using var keyspace = new KeyspaceHarness(new KeyspaceOptions { ValueCacheBytes = 1024, ValueChunkBytes = 512, LargeValueBytes = 256 });
        for (int i = 0; i < 50; i++)
        {
            keyspace.Do(Put($"k{i}", new string((char)('a' + (i % 26)), 100)));
        }

        Assert.InRange(keyspace.State.CachedValueBytes, 1, 1024);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(new string((char)('a' + (i % 26)), 100), keyspace.Value($"k{i}"));
        }
    }

    [Fact]
    public void A_store_of_another_format_is_refused()
    {
        using IStoreBatch batch = _keyspace.Store.CreateBatch();
        batch.Put(StoreTable.Meta, "keyspace/format"u8, [99]);
        _keyspace.Store.Write(batch, 0);
        Assert.Throws<InvalidDataException>(_keyspace.Start);
    }

    private sealed class CountingModule : IStateModule
    {
        private int _applied;

        public CommandKind Kind => CommandKind.PrefixMap;

        public int Terms { get; private set; }

        public void Load(IKeyspaceStore store) => _applied = 0;

        public object? Apply(ReadOnlySpan<byte> payload, in ModuleContext context) => $"{Encoding.ASCII.GetString(payload)}#{++_applied}";

        public void BeginTerm(in ModuleContext context) => Terms++;
    }
}
