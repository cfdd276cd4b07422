using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace.Commands;

namespace Krewe.Cluster.Tests.Modules;

public sealed class PendingOwnersTests
{
    private const string A = "127.0.0.1:11111@1";
    private const string B = "127.0.0.1:11112@1";
    private readonly ModuleRig _rig = new();
    private readonly PendingOwners _pending;

    public PendingOwnersTests()
    {
        _rig.AddSilo(A);
        _rig.AddSilo(B);
        _pending = new PendingOwners(_rig.Directory, _rig.Silos);
    }

    [Fact]
    public void With_nothing_pending_the_tail_is_the_applied_state()
    {
        DirectoryEntry owner = Applied("p", A);
        Assert.True(_pending.IsOwner("p"u8, owner.ActivationId));
        Assert.False(_pending.IsOwner("p"u8, Guid.NewGuid()));
    }

    [Fact]
    public void A_writer_behind_a_change_of_owner_is_refused_before_the_change_is_applied()
    {
        DirectoryEntry old = Applied("p", A);
        DirectoryEntry fresh = GrainDirectoryModuleTests.Prefix("p", B);
        DirectoryCommand takeOver = DirectoryCommand.Register(fresh, new ActivationAddress(old.Grain, old.ActivationId, A), _rig.Term);
        Append(10, takeOver);
        Assert.True(_rig.Directory.IsOwner("p"u8, old.ActivationId));
        Assert.False(_pending.IsOwner("p"u8, old.ActivationId));
        Assert.True(_pending.IsOwner("p"u8, fresh.ActivationId));

        _rig.Apply(takeOver);
        _pending.Applied(10);
        Assert.False(_pending.IsOwner("p"u8, old.ActivationId));
        Assert.True(_pending.IsOwner("p"u8, fresh.ActivationId));
    }

    [Fact]
    public void A_pending_registration_that_loses_its_compare_and_swap_changes_nothing()
    {
        DirectoryEntry old = Applied("p", A);
        Append(10, DirectoryCommand.Register(GrainDirectoryModuleTests.Prefix("p", B), null, _rig.Term));
        Assert.True(_pending.IsOwner("p"u8, old.ActivationId));
    }

    [Fact]
    public void Pending_registrations_build_on_each_other()
    {
        DirectoryEntry first = GrainDirectoryModuleTests.Prefix("p", A);
        DirectoryEntry second = GrainDirectoryModuleTests.Prefix("p", B);
        Append(10, DirectoryCommand.Register(first, null, _rig.Term));
        Append(11, DirectoryCommand.Register(second, new ActivationAddress(first.Grain, first.ActivationId, A), _rig.Term));
        Assert.True(_pending.IsOwner("p"u8, second.ActivationId));
        Append(12, DirectoryCommand.Unregister([new ActivationAddress(second.Grain, second.ActivationId, B)]));
        Assert.False(_pending.IsOwner("p"u8, second.ActivationId));
    }

    [Fact]
    public void A_pending_death_of_a_silo_fences_its_writers()
    {
        DirectoryEntry owner = Applied("p", A);
        SiloRow row = _rig.Silos.Current.Rows[A];
        SiloCommand death = SiloCommand.Update(row with { Status = SiloRowStatus.Dead }, row.Etag, _rig.Silos.Current.Version);
        _pending.Appended(10, _rig.Term, CommandKind.SiloMembership, death.Encode().Span);
        Assert.False(_pending.IsOwner("p"u8, owner.ActivationId));
        _pending.Clear();
        Assert.True(_pending.IsOwner("p"u8, owner.ActivationId));
    }

    /// <summary>Found by simulation: the tail forgot registrations behind a removal, and later let their unregistered owners in.</summary>
    [Fact]
    public void A_silo_that_was_removed_from_the_directory_alone_registers_again()
    {
        var rig = new ModuleRig();
        var pending = new PendingOwners(rig.Directory, rig.Silos);
        DirectoryEntry entry = GrainDirectoryModuleTests.Prefix("p", A);
        DirectoryCommand[] commands =
        [
            DirectoryCommand.RemoveSilos([A]),
            DirectoryCommand.Register(entry, null, rig.Term),
            DirectoryCommand.Unregister([new ActivationAddress(entry.Grain, entry.ActivationId, A)]),
        ];
        for (int i = 0; i < commands.Length; i++)
        {
            pending.Appended((ulong)i + 10, rig.Term, CommandKind.GrainDirectory, commands[i].Encode().Span);
        }

        rig.Apply(commands[0]);
        rig.Apply(commands[1]);
        pending.Applied(11);
        Assert.True(rig.Directory.IsOwner("p"u8, entry.ActivationId));
        Assert.False(pending.IsOwner("p"u8, entry.ActivationId));
    }

    [Fact]
    public void Random_histories_agree_with_applying_them()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            CheckHistory(seed, usesSiloTable: true);
            CheckHistory(seed, usesSiloTable: false);
        }
    }

    // Appends a random run of directory commands, asks the tail, applies a part, asks again; the model simply applies everything.
    private static void CheckHistory(int seed, bool usesSiloTable)
    {
        var random = new Random(seed);
        var real = new ModuleRig();
        var model = new ModuleRig();
        foreach (ModuleRig rig in usesSiloTable ? new[] { real, model } : [])
        {
            rig.AddSilo(A);
            rig.AddSilo(B);
        }

        var pending = new PendingOwners(real.Directory, real.Silos);
        DirectoryEntry[] entries = [.. Enumerable.Range(0, 6).Select(i => GrainDirectoryModuleTests.Prefix(i % 2 == 0 ? "p" : "q", i < 3 ? A : B))];
        var log = new Queue<(ulong Index, DirectoryCommand Command)>();
        for (ulong index = 100; index < 140; index++)
        {
            DirectoryCommand command = NextCommand(random, entries);
            pending.Appended(index, real.Term, CommandKind.GrainDirectory, command.Encode().Span);
            log.Enqueue((index, command));
            model.Apply(command);
            while (log.Count > 0 && random.Next(3) == 0)
            {
                (ulong applied, DirectoryCommand next) = log.Dequeue();
                real.Apply(next);
                pending.Applied(applied);
            }

            foreach (DirectoryEntry entry in entries)
            {
                PrefixGrainKey.TryGetPrefix(entry.Grain, out byte[] prefix);
                bool agree = model.Directory.IsOwner(prefix, entry.ActivationId) == pending.IsOwner(prefix, entry.ActivationId);
                Assert.True(agree, $"seed {seed}, index {index}, {entry}");
            }
        }
    }

    private static DirectoryCommand NextCommand(Random random, DirectoryEntry[] entries)
    {
        DirectoryEntry entry = entries[random.Next(entries.Length)];
        DirectoryEntry other = entries[random.Next(entries.Length)];
        ActivationAddress previous = new(entry.Grain, other.ActivationId, other.Silo);
        return random.Next(4) switch
        {
            3 => DirectoryCommand.RemoveSilos([entry.Silo]),
            0 => DirectoryCommand.Unregister([new(entry.Grain, entry.ActivationId, entry.Silo), new(other.Grain, entry.ActivationId, entry.Silo)]),
            1 => DirectoryCommand.Register(entry, null, 1),
            _ => DirectoryCommand.Register(entry, previous, 1),
        };
    }

    private void Append(ulong index, DirectoryCommand command) =>
        _pending.Appended(index, _rig.Term, CommandKind.GrainDirectory, command.Encode().Span);

    private DirectoryEntry Applied(string prefix, string silo)
    {
        DirectoryEntry entry = GrainDirectoryModuleTests.Prefix(prefix, silo);
        Assert.NotNull(_rig.Apply(DirectoryCommand.Register(entry, null, _rig.Term)));
        return entry;
    }
}
