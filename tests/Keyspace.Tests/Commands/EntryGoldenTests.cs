using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Leases;

namespace Krewe.Keyspace.Tests.Commands;

/// <summary>
/// The format of log entries. The golden file is the contract with logs on disk and with members of other versions: a change here needs
/// a new version byte. <c>KREWE_REWRITE_GOLDEN=1</c> writes the file anew.
/// </summary>
public sealed class EntryGoldenTests
{
    private static readonly Guid Activation = new("00112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public void Entries_are_written_as_the_golden_file_says()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Commands", "entries.golden");
        string written = string.Join('\n', Entries().Select(entry => $"{entry.Name} {Convert.ToHexString(entry.Bytes)}")) + "\n";
        if (Environment.GetEnvironmentVariable("KREWE_REWRITE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "../../../Commands/entries.golden"), written);
        }

        Assert.Equal(File.ReadAllText(path), written);
    }

    [Fact]
    public void An_entry_reads_back_with_fences_and_commands_in_order()
    {
        byte[] entry = Entries().First(entry => entry.Name == "everything").Bytes;
        var reader = new EntryReader(entry);
        Assert.True(reader.HasBaseRevision);
        Assert.Equal(300, reader.BaseRevision);
        Assert.True(reader.TryReadFence(out ReadOnlySpan<byte> prefix, out Guid activation, out ulong term));
        Assert.Equal((0, Activation, 7UL), (prefix.Length, activation, term));
        Assert.True(reader.TryReadFence(out prefix, out _, out term));
        Assert.Equal(("/a/", 8UL), (System.Text.Encoding.Latin1.GetString(prefix), term));
        Assert.False(reader.TryReadFence(out _, out _, out _));
        List<CommandKind> kinds = [];
        while (reader.TryReadCommand(out CommandKind kind, out _))
        {
            kinds.Add(kind);
        }

        Assert.Equal(
            [
                CommandKind.Mutation, CommandKind.LeaseGrant, CommandKind.LeaseRevoke, CommandKind.Compaction, CommandKind.AlarmActivate,
                CommandKind.AlarmDeactivate, CommandKind.LeaseCheckpoint, CommandKind.GrainDirectory,
            ],
            kinds);
    }

    [Fact]
    public void A_mutation_reads_back_its_effects()
    {
        var reader = new EntryReader(Entries().First(entry => entry.Name == "everything").Bytes);
        Assert.True(reader.TryReadCommand(out _, out ReadOnlySpan<byte> body));
        var effects = new MutationReader(body);
        Assert.True(effects.TryRead(out Effect put));
        Assert.Equal(("k1", "v1", 0L, 0L, 1L), (Text(put.Key), Text(put.Value), put.Lease, put.Create, put.Version));
        Assert.True(effects.TryRead(out Effect leased));
        Assert.Equal(("k2", "", -5L, 200L, 300L), (Text(leased.Key), Text(leased.Value), leased.Lease, leased.Create, leased.Version));
        Assert.True(effects.TryRead(out Effect deleted));
        Assert.Equal(("k3", true), (Text(deleted.Key), deleted.IsDelete));
        Assert.False(effects.TryRead(out _));
    }

    [Fact]
    public void A_cut_entry_is_refused_wherever_it_is_cut()
    {
        byte[] entry = Entries().First(entry => entry.Name == "everything").Bytes;
        int ends = 0;
        for (int length = 0; length < entry.Length; length++)
        {
            if (!IsReadable(entry.AsSpan(0, length)))
            {
                ends++;
            }
        }

        // Only a cut between two commands can go unnoticed here; the log's checksum is what notices those.
        Assert.Equal(entry.Length - 8, ends);
    }

    [Fact]
    public void An_unknown_format_is_refused() => Assert.Throws<InvalidDataException>(() => new EntryReader([2, 0]).HasBaseRevision);

    private static bool IsReadable(ReadOnlySpan<byte> entry)
    {
        try
        {
            var reader = new EntryReader(entry);
            while (reader.TryReadCommand(out CommandKind kind, out ReadOnlySpan<byte> body))
            {
                if (kind == CommandKind.Mutation)
                {
                    var effects = new MutationReader(body);
                    while (effects.TryRead(out _))
                    {
                    }
                }
            }

            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Entries()
    {
        var writer = new CommandWriter();
        writer.Begin([], 1);
        writer.BeginMutation();
        writer.Put("foo"u8, "bar"u8, 0, 0, 1, out _, out _);
        writer.EndMutation();
        yield return ("put", writer.ToArray());

        writer.Begin([], 1);
        yield return ("empty", writer.ToArray());
        yield return ("module", ModuleEntry.Encode(CommandKind.SiloMembership, [1, 2, 3]));

        writer.Begin([new PrefixOwner(default, Activation, 7), new PrefixOwner("/a/"u8.ToArray(), Activation, 8)], 300);
        WriteEverything(writer);
        yield return ("everything", writer.ToArray());
    }

    private static void WriteEverything(CommandWriter writer)
    {
        writer.BeginMutation();
        writer.Put("k1"u8, "v1"u8, 0, 0, 1, out _, out _);
        writer.Put("k2"u8, default, -5, 200, 300, out _, out _);
        writer.Delete("k3"u8, out _);
        writer.EndMutation();
        writer.GrantLease(long.MaxValue, 60);
        writer.RevokeLease(-1);
        writer.Compact(299);
        writer.Alarm(CommandKind.AlarmActivate, new Alarm(0x1122334455667788, AlarmType.NoSpace));
        writer.Alarm(CommandKind.AlarmDeactivate, new Alarm(1, AlarmType.Corrupt));
        writer.CheckpointLeases([new LeaseCheckpoint(3, 100), new LeaseCheckpoint(4, 0)]);
        writer.Module(CommandKind.GrainDirectory, [9, 8, 7]);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
