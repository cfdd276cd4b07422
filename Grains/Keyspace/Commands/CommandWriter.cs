using System.Buffers.Binary;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Commands;

/// <summary>
/// Writes the payload of a log entry. Format (all integers base-128 unless said otherwise):
/// <code>
/// entry    = version byte (1), flags byte (1: fences, 2: base revision), [fences], [base revision], command*
/// fences   = count, (prefix length, prefix, 16 bytes activation, term)*
/// command  = kind byte, 4 bytes little-endian body length, body
/// mutation = (put | delete)*, in the order of sub-revisions
/// put      = byte 1 (3 with a lease), key length, key, value length, value, [8 bytes little-endian lease],
///            create revision (0: this one), version
/// delete   = byte 2, key length, key
/// grant    = 8 bytes little-endian lease, TTL seconds
/// revoke   = 8 bytes little-endian lease
/// compact  = revision
/// alarm    = 8 bytes little-endian member, type byte
/// checkpoint = (8 bytes little-endian lease, remaining seconds)*
/// </code>
/// The buffer is reused from entry to entry.
/// </summary>
public sealed class CommandWriter
{
    /// <summary>A buffer that grew beyond this is let go after the entry.</summary>
    private const int MaxKeptBytes = 4 << 20;

    private const int LengthBytes = 4;
    private byte[] _buffer = new byte[4096];
    private int _used;
    private int _bodyStart;

    /// <summary>Bytes written so far.</summary>
    public int Length => _used;

    /// <summary>Commands written so far.</summary>
    public int Commands { get; private set; }

    /// <summary>Begins an entry.</summary>
    /// <param name="owners">Who writes; checked when the entry is applied.</param>
    /// <param name="baseRevision">Revision before the entry, or null if its commands don't depend on it.</param>
    public void Begin(ReadOnlySpan<PrefixOwner> owners, long? baseRevision)
    {
        _used = 0;
        Commands = 0;
        if (_buffer.Length > MaxKeptBytes)
        {
            _buffer = new byte[4096];
        }

        WriteByte(EntryFormat.Version);
        WriteByte((byte)((owners.IsEmpty ? 0 : EntryFormat.FencesFlag) | (baseRevision is null ? 0 : EntryFormat.BaseRevisionFlag)));
        if (!owners.IsEmpty)
        {
            WriteVarint((ulong)owners.Length);
            foreach (PrefixOwner owner in owners)
            {
                WriteBytes(owner.Prefix.Span);
                owner.ActivationId.TryWriteBytes(Reserve(16));
                WriteVarint(owner.Term);
            }
        }

        if (baseRevision is { } revision)
        {
            WriteVarint((ulong)revision);
        }
    }

    public void BeginMutation() => BeginCommand(CommandKind.Mutation);

    /// <summary>Writes a put of the current mutation; answers where key and value are in the entry.</summary>
    public void Put(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long lease, long create, long version, out int keyOffset, out int valueOffset)
    {
        WriteByte(lease == 0 ? EntryFormat.PutOp : EntryFormat.PutWithLeaseOp);
        keyOffset = WriteBytes(key);
        valueOffset = WriteBytes(value);
        if (lease != 0)
        {
            WriteFixed64((ulong)lease);
        }

        WriteVarint((ulong)create);
        WriteVarint((ulong)version);
    }

    /// <summary>Writes a deletion of the current mutation; answers where the key is in the entry.</summary>
    public void Delete(ReadOnlySpan<byte> key, out int keyOffset)
    {
        WriteByte(EntryFormat.DeleteOp);
        keyOffset = WriteBytes(key);
    }

    public void EndMutation() => EndCommand();

    public void GrantLease(long id, long ttlSeconds)
    {
        BeginCommand(CommandKind.LeaseGrant);
        WriteFixed64((ulong)id);
        WriteVarint((ulong)ttlSeconds);
        EndCommand();
    }

    public void RevokeLease(long id)
    {
        BeginCommand(CommandKind.LeaseRevoke);
        WriteFixed64((ulong)id);
        EndCommand();
    }

    public void Compact(long revision)
    {
        BeginCommand(CommandKind.Compaction);
        WriteVarint((ulong)revision);
        EndCommand();
    }

    public void Alarm(CommandKind kind, Alarm alarm)
    {
        BeginCommand(kind);
        WriteFixed64(alarm.MemberId);
        WriteByte((byte)alarm.Type);
        EndCommand();
    }

    public void CheckpointLeases(ReadOnlySpan<Leases.LeaseCheckpoint> checkpoints)
    {
        BeginCommand(CommandKind.LeaseCheckpoint);
        foreach (Leases.LeaseCheckpoint checkpoint in checkpoints)
        {
            WriteFixed64((ulong)checkpoint.Id);
            WriteVarint((ulong)checkpoint.RemainingSeconds);
        }

        EndCommand();
    }

    /// <summary>Writes a command of an <see cref="Modules.IStateModule"/>.</summary>
    public void Module(CommandKind kind, ReadOnlySpan<byte> payload)
    {
        BeginCommand(kind);
        payload.CopyTo(Reserve(payload.Length));
        EndCommand();
    }

    /// <summary>The entry as an array of its own.</summary>
    public byte[] ToArray() => _buffer.AsSpan(0, _used).ToArray();

    private void BeginCommand(CommandKind kind)
    {
        WriteByte((byte)kind);
        Reserve(LengthBytes);
        _bodyStart = _used;
        Commands++;
    }

    private void EndCommand() =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_bodyStart - LengthBytes), _used - _bodyStart);

    private int WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteVarint((ulong)bytes.Length);
        int at = _used;
        bytes.CopyTo(Reserve(bytes.Length));
        return at;
    }

    private void WriteByte(byte value) => Reserve(1)[0] = value;

    private void WriteFixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    private void WriteVarint(ulong value)
    {
        Ensure(Varint.MaxLength);
        _used += Varint.Write(_buffer.AsSpan(_used), value);
    }

    private Span<byte> Reserve(int count)
    {
        Ensure(count);
        Span<byte> span = _buffer.AsSpan(_used, count);
        _used += count;
        return span;
    }

    private void Ensure(int count)
    {
        if (_buffer.Length - _used < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + count));
        }
    }
}
