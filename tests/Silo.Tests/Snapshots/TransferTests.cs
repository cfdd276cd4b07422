using Krewe.Silo.Snapshots;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>Transfers that go well, break off, go on and arrive damaged.</summary>
public sealed class TransferTests
{
    private const int Timeout = 60_000;
    private const long AllBytes = 50_011;

    [Fact(Timeout = Timeout)]
    public async Task All_files_arrive_and_then_the_core_gets_the_message()
    {
        await using var rig = new TransferRig();
        Assert.Equal((SnapshotEnd.Taken, AllBytes), await rig.TransferAsync());
        rig.RequireReceived();
        Assert.Equal(rig.Checkpoint.Manifest.Index, Assert.Single(rig.Core.Taken).Index);
        Assert.True(rig.Stores.IsInstalling);
    }

    [Fact(Timeout = Timeout)]
    public async Task While_a_snapshot_is_installed_another_has_to_wait()
    {
        await using var rig = new TransferRig();
        await rig.TransferAsync();
        rig.MakeAnother();
        Assert.Equal((SnapshotEnd.Busy, 0), await rig.TransferAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_transfer_that_broke_off_goes_on_where_it_was_also_after_a_restart()
    {
        await using var rig = new TransferRig();
        await Assert.ThrowsAsync<IOException>(() => rig.TransferAsync(stream => new FaultyStream(stream, 20_000, flips: false)));
        Assert.Empty(rig.Core.Taken);
        rig.Reopen();
        var (end, sent) = await rig.TransferAsync();
        Assert.Equal(SnapshotEnd.Taken, end);
        Assert.InRange(sent, 1, AllBytes - 10_000);
        rig.RequireReceived();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_damaged_piece_is_refused_and_fetched_again()
    {
        await using var rig = new TransferRig();
        var (end, sent) = await rig.TransferAsync(stream => new FaultyStream(stream, 20_000, flips: true));
        Assert.Equal(SnapshotEnd.Failed, end);
        Assert.Empty(rig.Core.Taken);
        (end, sent) = await rig.TransferAsync();
        Assert.Equal(SnapshotEnd.Taken, end);
        Assert.InRange(sent, 1, AllBytes - 10_000);
        rig.RequireReceived();
    }

    [Fact(Timeout = Timeout)]
    public async Task What_a_crash_left_of_a_file_is_found_out_and_fetched_again()
    {
        await using var rig = new TransferRig();
        await Assert.ThrowsAsync<IOException>(() => rig.TransferAsync(stream => new FaultyStream(stream, 20_000, flips: false)));

        // Space that was allocated, but never written.
        var partial = Path.Join(rig.Received, "1-large");
        var bytes = File.ReadAllBytes(partial);
        Array.Clear(bytes, bytes.Length / 2, bytes.Length / 2);
        File.WriteAllBytes(partial, bytes);
        var (end, sent) = await rig.TransferAsync();
        Assert.Equal(SnapshotEnd.Taken, end);
        Assert.True(sent > AllBytes, "the file was not fetched again");
        rig.RequireReceived();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_file_that_is_longer_than_it_should_be_is_fetched_again()
    {
        await using var rig = new TransferRig();
        await Assert.ThrowsAsync<IOException>(() => rig.TransferAsync(stream => new FaultyStream(stream, 20_000, flips: false)));
        File.WriteAllBytes(Path.Join(rig.Received, "3-small"), new byte[11]);
        Assert.Equal(SnapshotEnd.Taken, (await rig.TransferAsync()).End);
        rig.RequireReceived();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_sender_whose_file_is_not_what_the_manifest_says_is_given_up_after_so_many_attempts()
    {
        await using var rig = new TransferRig();
        var bytes = File.ReadAllBytes(rig.PathOf("3-small"));
        bytes[3] ^= 1;
        File.WriteAllBytes(rig.PathOf("3-small"), bytes);
        var (end, sent) = await rig.TransferAsync();
        Assert.Equal(SnapshotEnd.Failed, end);
        Assert.Equal(50_001 + (10 * TransferRig.Limits.MaxFileAttempts), sent);
        Assert.Empty(rig.Core.Taken);
    }

    [Fact(Timeout = Timeout)]
    public async Task Another_snapshot_takes_the_place_of_one_that_was_not_finished()
    {
        await using var rig = new TransferRig();
        await Assert.ThrowsAsync<IOException>(() => rig.TransferAsync(stream => new FaultyStream(stream, 20_000, flips: false)));
        var before = rig.Received;
        rig.MakeAnother();
        Assert.Equal((SnapshotEnd.Taken, AllBytes), await rig.TransferAsync());
        Assert.False(Directory.Exists(before));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_snapshot_that_is_behind_this_member_is_not_transferred()
    {
        await using var rig = new TransferRig();
        rig.Core.CommitIndex = rig.Checkpoint.Manifest.Index;
        Assert.Equal((SnapshotEnd.NotNeeded, 0), await rig.TransferAsync());
        Assert.Single(rig.Core.Stepped);
        Assert.False(Directory.Exists(rig.Received));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_snapshot_that_the_core_has_no_use_for_any_more_is_deleted()
    {
        await using var rig = new TransferRig();
        rig.Core.Takes = false;
        rig.Core.Offered = () => rig.Core.CommitIndex = rig.Checkpoint.Manifest.Index;
        Assert.Equal((SnapshotEnd.NotNeeded, AllBytes), await rig.TransferAsync());
        Assert.False(Directory.Exists(rig.Received));
        Assert.False(rig.Stores.IsInstalling);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_snapshot_whose_message_came_too_late_for_its_term_is_kept_for_the_next_one()
    {
        await using var rig = new TransferRig();
        rig.Core.Takes = false;
        Assert.Equal((SnapshotEnd.Failed, AllBytes), await rig.TransferAsync());
        rig.Core.Takes = true;
        Assert.Equal((SnapshotEnd.Taken, 0), await rig.TransferAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task What_was_received_whole_is_not_transferred_again()
    {
        await using var rig = new TransferRig();
        await rig.TransferAsync();
        rig.Reopen();
        Assert.Equal((SnapshotEnd.Taken, 0), await rig.TransferAsync());
    }
}
