namespace Krewe.Benchmarks.Messages;

/// <summary>Walks the events of an encoded WatchResponse. Field numbers are etcd's.</summary>
internal ref struct WatchResponseReader
{
    private const int WatchIdField = 2;
    private const int CreatedField = 3;
    private const int CanceledField = 4;
    private const int EventsField = 11;
    private const int EventKvField = 2;
    private const int KvModRevisionField = 3;
    private const int KvValueField = 5;

    private ProtoReader _events;

    public WatchResponseReader(ReadOnlySpan<byte> response)
    {
        _events = new ProtoReader(response);
        var reader = new ProtoReader(response);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case WatchIdField:
                    WatchId = reader.ReadInt64();
                    break;
                case CreatedField:
                    IsCreated = reader.ReadInt64() != 0;
                    break;
                case CanceledField:
                    IsCanceled = reader.ReadInt64() != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    public long WatchId { get; }

    public bool IsCreated { get; }

    public bool IsCanceled { get; }

    /// <summary>Takes the next event's revision and value.</summary>
    public bool TryReadEvent(out long modRevision, out ReadOnlySpan<byte> value)
    {
        modRevision = 0;
        value = default;
        while (_events.Next())
        {
            if (_events.Field == EventsField)
            {
                ReadEvent(_events.ReadBytes(), out modRevision, out value);
                return true;
            }

            _events.Skip();
        }

        return false;
    }

    private static void ReadEvent(ReadOnlySpan<byte> bytes, out long modRevision, out ReadOnlySpan<byte> value)
    {
        modRevision = 0;
        value = default;
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == EventKvField)
            {
                ReadKv(reader.ReadBytes(), out modRevision, out value);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadKv(ReadOnlySpan<byte> bytes, out long modRevision, out ReadOnlySpan<byte> value)
    {
        modRevision = 0;
        value = default;
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case KvModRevisionField:
                    modRevision = reader.ReadInt64();
                    break;
                case KvValueField:
                    value = reader.ReadBytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }
}
