using Krewe.Raft.Core;

namespace Krewe.Simulation.Model;

/// <summary>A few registers with put and compare-and-swap. Command: kind, key, value (8 bytes), expected (8 bytes).</summary>
internal sealed class RegisterStateMachine(int keys) : IStateMachine
{
    private ulong[] _values = new ulong[keys];

    public ulong Fingerprint { get; private set; }

    public bool AppliesGroups => false;

    public ulong Value(int key) => _values[key];

    public static byte[] Encode(RegisterKind kind, int key, ulong value, ulong expected)
    {
        var bytes = new byte[18];
        bytes[0] = (byte)kind;
        bytes[1] = (byte)key;
        BitConverter.TryWriteBytes(bytes.AsSpan(2), value);
        BitConverter.TryWriteBytes(bytes.AsSpan(10), expected);
        return bytes;
    }

    public void Apply(ReadOnlySpan<Entry> entries, Span<object?> results)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            bool isCommand = entries[i].Kind == EntryKind.Normal && entries[i].Data.Length > 0;
            results[i] = isCommand ? Apply(entries[i].Index, entries[i].Data) : null;
        }
    }

    public object TakeSnapshot() => (Values: (ulong[])_values.Clone(), Fingerprint);

    public void Restore(object snapshot)
    {
        (ulong[] values, ulong fingerprint) = ((ulong[], ulong))snapshot;
        _values = (ulong[])values.Clone();
        Fingerprint = fingerprint;
    }

    private ulong Apply(ulong index, ReadOnlyMemory<byte> command)
    {
        ReadOnlySpan<byte> bytes = command.Span;
        int key = bytes[1];
        ulong value = BitConverter.ToUInt64(bytes[2..]);
        ulong expected = BitConverter.ToUInt64(bytes[10..]);
        bool done = (RegisterKind)bytes[0] == RegisterKind.Put || _values[key] == expected;
        if (done)
        {
            _values[key] = value;
        }

        Fingerprint = (Fingerprint * 1099511628211) ^ index ^ (value << 20) ^ (done ? 1UL : 0);
        return done ? 1UL : 0UL;
    }
}
