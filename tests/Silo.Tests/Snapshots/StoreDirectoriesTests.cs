using Krewe.Raft.Core;
using Krewe.Silo.Snapshots;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>What a start finds after a crash between the steps of an installation, and makes of it (docs/internals/snapshots.md).</summary>
public sealed class StoreDirectoriesTests : IDisposable
{
    private static readonly SnapshotLimits Limits = new();
    private static readonly (ulong Index, ulong Term) Begin = (100, 3);
    private readonly string _root = Directory.CreateTempSubdirectory("krewe-directories-").FullName;

    public StoreDirectoriesTests() => Directory.CreateDirectory(Path.Join(_root, "store"));

    private string FirstStore => Path.Join(_root, "store");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Part_of_a_snapshot_is_kept_to_be_continued()
    {
        var manifest = Manifest();
        using var staged = Open().Stage(manifest);
        var directories = Open();
        Assert.False(directories.Recover(Begin));
        Assert.Equal(FirstStore, directories.Current);
        Assert.True(Directory.Exists(directories.ReceivedPath(manifest.Id)));
    }

    [Fact]
    public void A_whole_snapshot_that_the_log_does_not_begin_behind_is_kept_and_not_installed()
    {
        var manifest = Received();
        var directories = Open();
        Assert.False(directories.Recover((99, 3)));
        Assert.False(directories.Recover((100, 2)));
        Assert.Equal(FirstStore, directories.Current);
        using var staged = directories.Stage(manifest);
        Assert.True(staged.IsComplete);
    }

    [Fact]
    public void A_whole_snapshot_that_the_log_begins_behind_is_installed()
    {
        var manifest = Received();
        var directories = Open();
        Assert.True(directories.Recover(Begin));
        Assert.Equal(directories.ReceivedPath(manifest.Id), directories.Current);
        Assert.False(Directory.Exists(FirstStore), "the store before is still there");
        Assert.Null(StagedSnapshot.TryOpen(directories.Current, 0));

        // And the next start finds it done.
        var again = Open();
        Assert.False(again.Recover(Begin));
        Assert.Equal(directories.Current, again.Current);
    }

    [Fact]
    public void Part_of_a_snapshot_is_never_installed()
    {
        using var staged = Open().Stage(Manifest());
        var directories = Open();
        Assert.False(directories.Recover(Begin));
        Assert.Equal(FirstStore, directories.Current);
    }

    [Fact]
    public void After_a_crash_behind_the_switch_the_store_before_is_deleted()
    {
        var manifest = Received();
        var before = Open();
        before.MakeCurrent(before.ReceivedPath(manifest.Id));
        var directories = Open();
        Assert.False(directories.Recover(Begin));
        Assert.Equal(directories.ReceivedPath(manifest.Id), directories.Current);
        Assert.False(Directory.Exists(FirstStore));
    }

    [Fact]
    public void A_crash_between_the_switch_and_the_end_of_its_being_a_snapshot_does_no_harm()
    {
        var manifest = Received();
        var before = Open();
        var path = before.ReceivedPath(manifest.Id);
        var complete = File.ReadAllBytes(Path.Join(path, StagedSnapshot.CompleteName));
        before.MakeCurrent(path);
        File.WriteAllBytes(Path.Join(path, StagedSnapshot.CompleteName), complete);
        var directories = Open();
        Assert.False(directories.Recover(Begin));
        Assert.Equal(path, directories.Current);
        Assert.Null(StagedSnapshot.TryOpen(path, 0));
    }

    [Fact]
    public void A_store_that_a_second_snapshot_replaced_is_deleted_and_never_taken_for_a_snapshot()
    {
        var first = Received();
        var directories = Open();
        directories.Recover(Begin);
        var second = Received();
        Assert.True(directories.Recover(Begin));
        Assert.Equal(directories.ReceivedPath(second.Id), directories.Current);
        Assert.False(Directory.Exists(directories.ReceivedPath(first.Id)));
    }

    [Fact]
    public void Receiving_does_not_touch_the_store_nor_one_that_is_yet_to_be_closed()
    {
        var first = Received();
        var directories = Open();
        directories.Recover(Begin);
        var second = Received();
        var replaced = directories.MakeCurrent(directories.ReceivedPath(second.Id));
        using var staged = directories.Stage(Manifest());
        Assert.Equal(directories.ReceivedPath(first.Id), replaced);
        Assert.True(Directory.Exists(replaced));
        Assert.True(Directory.Exists(directories.Current));
        directories.DeleteReplaced(replaced);
        Assert.False(Directory.Exists(replaced));
    }

    [Fact]
    public void Checkpoints_and_what_is_no_snapshot_are_deleted_at_start()
    {
        Directory.CreateDirectory(Path.Join(_root, "checkpoints", "x"));
        Directory.CreateDirectory(Path.Join(_root, "store-1234"));
        var directories = Open();
        directories.Recover(default);
        Assert.Equal([FirstStore], Directory.GetDirectories(_root));
    }

    [Fact]
    public void A_damaged_pointer_is_refused()
    {
        File.WriteAllBytes(Path.Join(_root, "current-store"), [1, 2, 3, 4, 5, 6]);
        Assert.Throws<InvalidDataException>(Open);
    }

    private StoreDirectories Open() => new(_root, Limits);

    private static SnapshotManifest Manifest() => new(Guid.NewGuid(), Begin.Index, Begin.Term, new ConfState([1]), [new SnapshotFile("a", 0, 0)]);

    private SnapshotManifest Received()
    {
        var manifest = Manifest();
        using var staged = Open().Stage(manifest);
        staged.OpenFile(0);
        Assert.True(staged.TryFinishFile());
        staged.Complete();
        return manifest;
    }
}
