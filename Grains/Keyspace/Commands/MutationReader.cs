namespace Krewe.Grains.Keyspace.Commands;

/// <summary>Reads the effects of a mutation in the order of sub-revisions.</summary>
internal ref struct MutationReader(ReadOnlySpan<byte> body)
{
    private PayloadReader _reader = new(body);

    public bool TryRead(out Effect effect)
    {
        effect = default;
        if (_reader.AtEnd)
        {
            return false;
        }

        byte op = _reader.ReadByte();
        effect.Key = _reader.ReadBytes();
        switch (op)
        {
            case EntryFormat.DeleteOp:
                effect.IsDelete = true;
                return true;
            case EntryFormat.PutOp:
            case EntryFormat.PutWithLeaseOp:
                effect.Value = _reader.ReadBytes();
                effect.Lease = op == EntryFormat.PutWithLeaseOp ? _reader.ReadFixed64() : 0;
                effect.Create = (long)_reader.ReadVarint();
                effect.Version = (long)_reader.ReadVarint();
                return true;
            default:
                throw PayloadReader.Malformed();
        }
    }
}
