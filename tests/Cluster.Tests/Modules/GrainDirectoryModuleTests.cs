using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;

namespace Krewe.Cluster.Tests.Modules;

public sealed class GrainDirectoryModuleTests
{
    private const string A = "127.0.0.1:11111@1";
    private const string B = "127.0.0.1:11112@1";
    private static readonly GrainKey Grain = new("t"u8, "k"u8);
    private readonly ModuleRig _rig = new();

    public GrainDirectoryModuleTests()
    {
        _rig.AddSilo(A);
        _rig.AddSilo(B);
    }

    [Fact]
    public void The_first_registration_wins_and_is_answered_to_the_second()
    {
        DirectoryEntry first = Entry(A);
        Assert.Equal(first, Register(first));
        Assert.Equal(first, Register(Entry(B)));
        Assert.Equal(first, _rig.Directory.Find(Grain));
    }

    [Fact]
    public void A_registration_replaces_only_the_previous_address_that_it_names()
    {
        DirectoryEntry first = Entry(A);
        DirectoryEntry second = Entry(B);
        Register(first);
        Assert.Equal(first, Register(second, new ActivationAddress(Grain, Guid.NewGuid(), A)));
        Assert.Equal(first, Register(second, new ActivationAddress(Grain, first.ActivationId, B)));
        Assert.Equal(second, Register(second, new ActivationAddress(Grain, first.ActivationId, A)));
        Assert.Equal(second, Register(first, new ActivationAddress(Grain, first.ActivationId, A)));
    }

    [Fact]
    public void Registering_again_keeps_the_newest_membership_version()
    {
        DirectoryEntry entry = Entry(A);
        Register(entry);
        Register(entry with { MembershipVersion = 9 });
        Assert.Equal(9, _rig.Directory.Find(Grain)!.MembershipVersion);
    }

    [Fact]
    public void A_dead_or_unknown_silo_cannot_register()
    {
        _rig.SetStatus(A, SiloRowStatus.Dead);
        Assert.Null(Register(Entry(A)));
        Assert.Null(Register(Entry("127.0.0.1:5@5")));
        Assert.Null(_rig.Directory.Find(Grain));
    }

    [Fact]
    public void Unregister_removes_only_the_activation_that_it_names()
    {
        DirectoryEntry entry = Entry(A);
        Register(entry);
        Unregister(new ActivationAddress(Grain, default, A));
        Unregister(new ActivationAddress(Grain, Guid.NewGuid(), A));
        Unregister(new ActivationAddress(Grain, entry.ActivationId, B));
        Assert.NotNull(_rig.Directory.Find(Grain));
        Unregister(new ActivationAddress(Grain, entry.ActivationId, A));
        Assert.Null(_rig.Directory.Find(Grain));
    }

    [Fact]
    public void One_command_unregisters_many()
    {
        ActivationAddress[] all = [.. Enumerable.Range(0, 50).Select(i =>
        {
            DirectoryEntry entry = Entry(A) with { Grain = new GrainKey("t"u8, [(byte)i]) };
            Register(entry);
            return new ActivationAddress(entry.Grain, entry.ActivationId, A);
        })];
        Assert.Equal(50, _rig.Directory.Count);
        _rig.Apply(DirectoryCommand.Unregister(all));
        Assert.Equal(0, _rig.Directory.Count);
    }

    [Fact]
    public void A_lagging_survivor_cannot_purge_a_live_silo()
    {
        Register(Entry(A));
        _rig.Apply(DirectoryCommand.RemoveSilos([A]));
        Assert.NotNull(_rig.Directory.Find(Grain));
    }

    [Fact]
    public void A_new_term_voids_leader_bound_registrations_and_no_others()
    {
        DirectoryEntry bound = Entry(A) with { IsLeaderBound = true };
        DirectoryEntry free = Entry(A) with { Grain = new GrainKey("t"u8, "free"u8) };
        Register(bound);
        Register(free);
        _rig.BeginTerm();
        Assert.Null(_rig.Directory.Find(Grain));
        Assert.NotNull(_rig.Directory.Find(free.Grain));
        Assert.Equal(1, new ModuleRig(_rig.Store).Directory.Count);
    }

    [Fact]
    public void A_leader_bound_registration_for_another_term_is_refused()
    {
        DirectoryEntry bound = Entry(A) with { IsLeaderBound = true };
        _rig.BeginTerm();
        Assert.Null(_rig.Apply(DirectoryCommand.Register(bound, null, _rig.Term - 1)));
        Assert.NotNull(_rig.Apply(DirectoryCommand.Register(bound, null, _rig.Term)));
    }

    [Fact]
    public void A_reload_from_the_store_restores_all_entries()
    {
        DirectoryEntry root = Prefix("", A);
        Register(root);
        Register(Entry(B));
        var reloaded = new ModuleRig(_rig.Store);
        Assert.Equal(Entry(B) with { ActivationId = default }, reloaded.Directory.Find(Grain)! with { ActivationId = default });
        Assert.True(reloaded.Directory.IsOwner([], root.ActivationId));
    }

    [Fact]
    public void The_fence_knows_the_registered_owner_of_each_prefix()
    {
        DirectoryEntry root = Prefix("", A);
        DirectoryEntry jobs = Prefix("/jobs/", A);
        Register(root);
        Register(jobs);
        Assert.True(_rig.Directory.IsOwner([], root.ActivationId));
        Assert.True(_rig.Directory.IsOwner("/jobs/"u8, jobs.ActivationId));
        Assert.False(_rig.Directory.IsOwner("/jobs/"u8, root.ActivationId));
        Assert.False(_rig.Directory.IsOwner("/other/"u8, root.ActivationId));
        _rig.SetStatus(A, SiloRowStatus.Dead);
        Assert.False(_rig.Directory.IsOwner([], root.ActivationId));
    }

    [Fact]
    public void A_listener_sees_what_was_there_and_every_change_after_that()
    {
        DirectoryEntry entry = Entry(A);
        Register(entry);
        var listener = new RecordingListener();
        _rig.Directory.Subscribe(listener);
        Assert.Equal([entry], listener.Entries.Values);
        DirectoryEntry other = Entry(B) with { Grain = new GrainKey("t"u8, "2"u8) };
        Register(other);
        _rig.SetStatus(A, SiloRowStatus.Dead);
        Assert.Equal([other], listener.Entries.Values);
    }

    [Fact]
    public void Damaged_commands_are_refused()
    {
        byte[] whole = DirectoryCommand.Register(Entry(A), new ActivationAddress(Grain, Guid.NewGuid(), B), 3).Encode().ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => DirectoryCommand.Decode(whole.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("", "root")]
    [InlineData("/a", "2f61")]
    public void Prefix_grain_keys_round_trip(string prefix, string key)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(prefix);
        Assert.Equal(key, PrefixGrainKey.Format(bytes));
        Assert.True(PrefixGrainKey.TryParse(key, out byte[] parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2F")]
    [InlineData("abc")]
    [InlineData("zz")]
    public void Other_keys_name_no_prefix(string key) => Assert.False(PrefixGrainKey.TryParse(key, out _));

    internal static DirectoryEntry Prefix(string prefix, string silo) => new(
        new GrainKey("keyprefix"u8, System.Text.Encoding.UTF8.GetBytes(PrefixGrainKey.Format(System.Text.Encoding.UTF8.GetBytes(prefix)))),
        Guid.NewGuid(),
        silo,
        1,
        false);

    private static DirectoryEntry Entry(string silo) => new(Grain, Guid.NewGuid(), silo, 3, false);

    private DirectoryEntry? Register(DirectoryEntry entry, ActivationAddress? previous = null) =>
        _rig.Apply(DirectoryCommand.Register(entry, previous, _rig.Term));

    private void Unregister(ActivationAddress address) => _rig.Apply(DirectoryCommand.Unregister([address]));
}
