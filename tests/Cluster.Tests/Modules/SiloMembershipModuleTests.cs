using System.Collections.Immutable;
using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;

namespace Krewe.Cluster.Tests.Modules;

public sealed class SiloMembershipModuleTests
{
    private const string A = "127.0.0.1:11111@1";
    private const string B = "127.0.0.1:11112@1";
    private readonly ModuleRig _rig = new();

    [Fact]
    public void Insert_checks_the_table_version_and_the_row()
    {
        var row = new SiloRow { Silo = A, Status = SiloRowStatus.Joining };
        Assert.Equal(SiloCommandResult.VersionConflict, _rig.Apply(SiloCommand.Insert(row, 1)));
        Assert.Equal(SiloCommandResult.Applied, _rig.Apply(SiloCommand.Insert(row, 0)));
        Assert.Equal(SiloCommandResult.RowConflict, _rig.Apply(SiloCommand.Insert(row, 1)));
        Assert.Equal(1, _rig.Silos.Current.Version);
    }

    [Fact]
    public void Update_checks_etag_and_version_in_one_step()
    {
        _rig.AddSilo(A);
        _rig.AddSilo(B);
        SiloRow row = _rig.Silos.Current.Rows[A];
        SiloRow changed = row with { Status = SiloRowStatus.ShuttingDown };
        Assert.Equal(SiloCommandResult.VersionConflict, _rig.Apply(SiloCommand.Update(changed, row.Etag, 1)));
        Assert.Equal(SiloCommandResult.RowConflict, _rig.Apply(SiloCommand.Update(changed, row.Etag + 1, 2)));
        Assert.Equal(SiloCommandResult.RowConflict, _rig.Apply(SiloCommand.Update(changed with { Silo = "127.0.0.1:1@1" }, row.Etag, 2)));
        Assert.Equal(SiloRowStatus.Active, _rig.Silos.Current.Rows[A].Status);
        Assert.Equal(SiloCommandResult.Applied, _rig.Apply(SiloCommand.Update(changed, row.Etag, 2)));
        Assert.Equal(SiloRowStatus.ShuttingDown, _rig.Silos.Current.Rows[A].Status);
        Assert.NotEqual(row.Etag, _rig.Silos.Current.Rows[A].Etag);
        Assert.Equal(3, _rig.Silos.Current.Version);
    }

    [Fact]
    public void Dead_is_final()
    {
        _rig.AddSilo(A);
        _rig.SetStatus(A, SiloRowStatus.Dead);
        SiloRow row = _rig.Silos.Current.Rows[A];
        SiloCommand revive = SiloCommand.Update(row with { Status = SiloRowStatus.Active }, row.Etag, _rig.Silos.Current.Version);
        Assert.Equal(SiloCommandResult.RowConflict, _rig.Apply(revive));
    }

    [Fact]
    public void A_sign_of_life_changes_neither_etag_nor_version()
    {
        _rig.AddSilo(A);
        SiloRow before = _rig.Silos.Current.Rows[A];
        _rig.Apply(SiloCommand.Alive(A, 77));
        _rig.Apply(SiloCommand.Alive("127.0.0.1:9@9", 77));
        Assert.Equal(77, _rig.Silos.Current.Rows[A].AliveTimeTicks);
        Assert.Equal(before.Etag, _rig.Silos.Current.Rows[A].Etag);
        Assert.Equal(1, _rig.Silos.Current.Version);
        Assert.Single(_rig.Silos.Current.Rows);
    }

    [Fact]
    public void A_row_that_goes_dead_takes_its_grains_along_in_the_same_apply()
    {
        _rig.AddSilo(A);
        _rig.AddSilo(B);
        GrainKey onA = Register("x", A);
        GrainKey onB = Register("y", B);
        ulong before = _rig.Index;
        _rig.SetStatus(A, SiloRowStatus.Dead);
        Assert.Equal(before + 1, _rig.Index);
        Assert.Null(_rig.Directory.Find(onA));
        Assert.NotNull(_rig.Directory.Find(onB));
    }

    [Fact]
    public void A_starting_member_kills_its_earlier_generations_at_any_address()
    {
        _rig.AddSilo(A, memberId: 7);
        _rig.AddSilo(B, memberId: 8);
        GrainKey grain = Register("x", A);
        _rig.Apply(SiloCommand.SupersedeMember(7, "127.0.0.1:3@2"));
        Assert.Equal(SiloRowStatus.Dead, _rig.Silos.Current.Rows[A].Status);
        Assert.Equal(SiloRowStatus.Active, _rig.Silos.Current.Rows[B].Status);
        Assert.Null(_rig.Directory.Find(grain));
        long version = _rig.Silos.Current.Version;
        _rig.Apply(SiloCommand.SupersedeMember(8, B));
        Assert.Equal(version, _rig.Silos.Current.Version);
    }

    [Fact]
    public void An_eviction_needs_no_version_and_frees_the_grains()
    {
        _rig.AddSilo(A, memberId: 7);
        GrainKey grain = Register("x", A);
        Assert.Equal(SiloCommandResult.Applied, _rig.Apply(SiloCommand.Evict(A)));
        Assert.Equal(SiloRowStatus.Dead, _rig.Silos.Current.Rows[A].Status);
        Assert.Null(_rig.Directory.Find(grain));
        long version = _rig.Silos.Current.Version;
        _rig.Apply(SiloCommand.Evict(A));
        _rig.Apply(SiloCommand.Evict("127.0.0.1:9@9"));
        Assert.Equal(version, _rig.Silos.Current.Version);
    }

    [Fact]
    public void Updates_by_others_keep_the_member_id()
    {
        _rig.AddSilo(A, memberId: 7);
        SiloRow row = _rig.Silos.Current.Rows[A];
        _rig.Apply(SiloCommand.Update(row with { MemberId = 0, Status = SiloRowStatus.Stopping }, row.Etag, 1));
        Assert.Equal(7u, _rig.Silos.Current.Rows[A].MemberId);
    }

    [Fact]
    public void Cleanup_removes_old_rows_that_are_not_active()
    {
        foreach (SiloRowStatus status in Enum.GetValues<SiloRowStatus>())
        {
            _rig.AddSilo($"127.0.0.1:{(int)status}@1", status);
        }

        _rig.Apply(SiloCommand.Alive("127.0.0.1:2@1", 100));
        _rig.Apply(SiloCommand.Cleanup(50));
        Assert.Equal([SiloRowStatus.Joining, SiloRowStatus.Active], _rig.Silos.Current.Rows.Values.Select(row => row.Status));
    }

    [Fact]
    public void The_live_silo_of_a_member_is_found()
    {
        _rig.AddSilo(A, SiloRowStatus.Dead, 7);
        _rig.AddSilo(B, SiloRowStatus.Joining, 7);
        Assert.Equal(B, _rig.Silos.Current.FindByMember(7)?.Silo);
        _rig.AddSilo("127.0.0.1:3@3", SiloRowStatus.Active, 7);
        Assert.Equal("127.0.0.1:3@3", _rig.Silos.Current.FindByMember(7)?.Silo);
        Assert.Null(_rig.Silos.Current.FindByMember(8));
    }

    [Fact]
    public void A_reload_from_the_store_restores_all_rows_and_the_version()
    {
        _rig.AddSilo(A, memberId: 7);
        _rig.AddSilo(B);
        SiloRow row = _rig.Silos.Current.Rows[B];
        ImmutableArray<SiloVote> votes = [new(A, 5)];
        _rig.Apply(SiloCommand.Update(row with { Votes = votes, RoleName = "", ProxyPort = 3, UpdateZone = 4, FaultZone = 5, StartTimeTicks = 6 }, row.Etag, 2));
        var reloaded = new ModuleRig(_rig.Store);
        Assert.Equal(_rig.Silos.Current.Version, reloaded.Silos.Current.Version);
        Assert.Equal(
            _rig.Silos.Current.Rows.Values.Select(value => value with { Votes = [] }),
            reloaded.Silos.Current.Rows.Values.Select(value => value with { Votes = [] }));
        Assert.Equal(votes, reloaded.Silos.Current.Rows[B].Votes);
    }

    [Fact]
    public void A_cut_or_foreign_command_is_refused()
    {
        byte[] whole = SiloCommand.Insert(new SiloRow { Silo = A }, 0).Encode().ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => SiloCommand.Decode(whole.AsSpan(0, length)));
        }

        whole[0] = 99;
        Assert.Throws<InvalidDataException>(() => SiloCommand.Decode(whole));
    }

    private GrainKey Register(string key, string silo)
    {
        var grain = new GrainKey("t"u8, System.Text.Encoding.UTF8.GetBytes(key));
        Assert.NotNull(_rig.Apply(DirectoryCommand.Register(new DirectoryEntry(grain, Guid.NewGuid(), silo, 1, false), null, 0)));
        return grain;
    }
}
