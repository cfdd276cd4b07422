using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Cluster.Tests.Modules;

/// <summary>An activation that was replaced in the directory cannot write, wherever the replacement stands on its way into the state.</summary>
public sealed class OwnershipFenceTests : IDisposable
{
    private const string A = "127.0.0.1:11111@1";
    private const string B = "127.0.0.1:11112@1";
    private readonly DirectoryTable _directory = new();
    private readonly SiloTable _silos = new();
    private readonly FakeLog _log = new();
    private readonly MemoryKeyspaceStore _store = new();
    private readonly PendingOwners _pending;
    private readonly KeyspaceState _state;
    private readonly Tail _tail;
    private readonly TailAppender _appender;

    public OwnershipFenceTests()
    {
        var options = new KeyspaceOptions();
        _pending = new PendingOwners(_directory, _silos);
        _state = new KeyspaceState(
            options, new Applied(_directory), [new SiloMembershipModule(_silos, _directory), new GrainDirectoryModule(_directory, _silos)]);
        _state.Load(_store);
        _tail = new Tail(_state, options, _pending);
        _tail.Reset(_log.Term);
        _appender = new TailAppender(_tail, _log, _pending, new RequestTimeout(TimeSpan.FromSeconds(5), new FakeTimeProvider()));
        AddSilo(A);
        AddSilo(B);
    }

    public void Dispose()
    {
        _state.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task The_registered_activation_writes()
    {
        DirectoryEntry owner = Register("p", A, previous: null);
        Task write = WriteAsync(owner, "p/1");
        Apply();
        await write;
        Assert.Equal("p/1", Keys());
    }

    [Fact]
    public async Task An_activation_that_nobody_registered_does_not_write()
    {
        Register("p", A, previous: null);
        await RefusedAsync(GrainDirectoryModuleTests.Prefix("p", A));
    }

    [Fact]
    public async Task A_zombie_does_not_write_once_its_successor_is_registered()
    {
        DirectoryEntry zombie = Register("p", A, previous: null);
        DirectoryEntry successor = Register("p", B, zombie);
        await RefusedAsync(zombie);
        Task write = WriteAsync(successor, "p/2");
        Apply();
        await write;
        Assert.Equal("p/2", Keys());
    }

    [Fact]
    public async Task A_zombie_does_not_write_behind_a_registration_that_is_only_appended()
    {
        DirectoryEntry zombie = Register("p", A, previous: null);
        Task before = WriteAsync(zombie, "p/1");
        (DirectoryEntry successor, Task registration) = AppendRegistration("p", B, zombie);
        await RefusedAsync(zombie);
        Task write = WriteAsync(successor, "p/2");
        Apply();
        await Task.WhenAll(before, registration, write);
        Assert.Equal("p/1,p/2", Keys());
    }

    [Fact]
    public async Task A_zombie_of_a_silo_whose_death_is_only_appended_does_not_write()
    {
        DirectoryEntry zombie = Register("p", A, previous: null);
        SiloRow row = _silos.Current.Rows[A];
        SiloCommand death = SiloCommand.Update(row with { Status = SiloRowStatus.Dead }, row.Etag, _silos.Current.Version);
        Task<object?> dying = _appender.AppendModuleCommandAsync(_log.Term, CommandKind.SiloMembership, death.Encode()).AsTask();
        await RefusedAsync(zombie);
        Apply();
        Assert.Equal(SiloCommandResult.Applied, await dying);
        await RefusedAsync(zombie);
    }

    [Fact]
    public async Task An_activation_of_an_earlier_term_does_not_write()
    {
        DirectoryEntry zombie = Register("p", A, previous: null);
        ulong termOfZombie = _log.Term;
        BeginTerm();
        await RefusedAsync(zombie, termOfZombie);

        // Not even under the new term's number: the directory no longer names it.
        await RefusedAsync(zombie);
    }

    /// <summary>The last line, if the check at the tail is passed by: the fence in the entry is checked when it is applied.</summary>
    [Fact]
    public async Task An_entry_of_a_zombie_that_got_into_the_log_changes_nothing()
    {
        DirectoryEntry zombie = Register("p", A, previous: null);
        (_, Task registration) = AppendRegistration("p", B, zombie);
        _pending.Clear();
        Task write = WriteAsync(zombie, "p/1");
        Apply();
        await registration;
        await Assert.ThrowsAsync<NotOwnerException>(() => write);
        Assert.Equal("", Keys());
    }

    private async Task RefusedAsync(DirectoryEntry writer, ulong? term = null)
    {
        int appended = _log.Appended;
        Task write = WriteAsync(writer, "p/zombie", term);
        Assert.True(write.IsFaulted, "the write was not refused at the tail");
        await Assert.ThrowsAsync<NotOwnerException>(() => write);
        Assert.Equal(appended, _log.Appended);
    }

    private Task<ulong> WriteAsync(DirectoryEntry writer, string key, ulong? term = null)
    {
        Assert.True(PrefixGrainKey.TryGetPrefix(writer.Grain, out byte[] prefix));
        var owner = new PrefixOwner(prefix, writer.ActivationId, term ?? _log.Term);
        var put = new PutRequest { Key = System.Text.Encoding.UTF8.GetBytes(key), Value = new byte[1] };
        return _appender.AppendAsync(owner.Term, new[] { owner }, put, static (batch, p) => batch.Evaluate(p)).AsTask();
    }

    private DirectoryEntry Register(string prefix, string silo, DirectoryEntry? previous)
    {
        (DirectoryEntry entry, Task<object?> registration) = AppendRegistration(prefix, silo, previous);
        Apply();
        Assert.Equal(entry, registration.GetAwaiter().GetResult());
        return entry;
    }

    private (DirectoryEntry Entry, Task<object?> Registration) AppendRegistration(string prefix, string silo, DirectoryEntry? previous)
    {
        DirectoryEntry entry = GrainDirectoryModuleTests.Prefix(prefix, silo) with { IsLeaderBound = true };
        ActivationAddress? replaced = previous is null ? null : new(previous.Grain, previous.ActivationId, previous.Silo);
        DirectoryCommand command = DirectoryCommand.Register(entry, replaced, _log.Term);
        return (entry, _appender.AppendModuleCommandAsync(_log.Term, CommandKind.GrainDirectory, command.Encode()).AsTask());
    }

    private void AddSilo(string silo)
    {
        var row = new SiloRow { Silo = silo, Status = SiloRowStatus.Active, MemberId = 1, HostName = "h", SiloName = "n" };
        SiloCommand command = SiloCommand.Insert(row, _silos.Current.Version);
        Task<object?> insertion = _appender.AppendModuleCommandAsync(_log.Term, CommandKind.SiloMembership, command.Encode()).AsTask();
        Apply();
        Assert.Equal(SiloCommandResult.Applied, insertion.GetAwaiter().GetResult());
    }

    private void BeginTerm()
    {
        _log.BeginTerm();
        Apply();
        lock (_tail.Gate)
        {
            _pending.Clear();
            _tail.Reset(_log.Term);
        }
    }

    private void Apply()
    {
        _log.ApplyTo(_state);
        _pending.Applied(_state.AppliedIndex);
    }

    private string Keys()
    {
        KvOutcome outcome = _state.Range(new RangeRequest { Key = new byte[1], RangeEnd = new byte[1] });
        return string.Join(',', ((RangeResult)outcome.Result!).Kvs.Select(kv => System.Text.Encoding.UTF8.GetString(kv.Key.Span)));
    }

    /// <summary>The fence at apply, as the member wires it.</summary>
    private sealed class Applied(DirectoryTable directory) : Krewe.Grains.Keyspace.IOwnershipView
    {
        public bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId, ulong term) => directory.IsOwner(prefix, activationId);
    }
}
