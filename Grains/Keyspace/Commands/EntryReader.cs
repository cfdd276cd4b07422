namespace Krewe.Grains.Keyspace.Commands;

/// <summary>Reads what <see cref="CommandWriter"/> wrote: fences first, then commands.</summary>
internal ref struct EntryReader
{
    private PayloadReader _fences;
    private PayloadReader _commands;
    private int _fencesLeft;

    public EntryReader(ReadOnlySpan<byte> payload)
    {
        _commands = new PayloadReader(payload);
        byte version = _commands.ReadByte();
        if (version != EntryFormat.Version)
        {
            throw new InvalidDataException($"A log entry has format {version}; this version reads format {EntryFormat.Version}.");
        }

        byte flags = _commands.ReadByte();
        if ((flags & EntryFormat.FencesFlag) != 0)
        {
            _fencesLeft = checked((int)_commands.ReadVarint());
            _fences = _commands;
            for (int i = 0; i < _fencesLeft; i++)
            {
                SkipFence(ref _commands);
            }
        }

        HasBaseRevision = (flags & EntryFormat.BaseRevisionFlag) != 0;
        BaseRevision = HasBaseRevision ? (long)_commands.ReadVarint() : 0;
    }

    public bool HasBaseRevision { get; }

    /// <summary>Revision that the entry was evaluated against.</summary>
    public long BaseRevision { get; }

    public bool TryReadFence(out ReadOnlySpan<byte> prefix, out Guid activationId, out ulong term)
    {
        if (_fencesLeft == 0)
        {
            prefix = default;
            activationId = default;
            term = 0;
            return false;
        }

        _fencesLeft--;
        prefix = _fences.ReadBytes();
        activationId = new Guid(_fences.Take(16));
        term = _fences.ReadVarint();
        return true;
    }

    public bool TryReadCommand(out CommandKind kind, out ReadOnlySpan<byte> body)
    {
        if (_commands.AtEnd)
        {
            kind = default;
            body = default;
            return false;
        }

        kind = (CommandKind)_commands.ReadByte();
        body = _commands.Take(_commands.ReadFixed32());
        return true;
    }

    private static void SkipFence(ref PayloadReader reader)
    {
        reader.ReadBytes();
        reader.Take(16);
        reader.ReadVarint();
    }
}
