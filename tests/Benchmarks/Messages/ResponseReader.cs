namespace Krewe.Benchmarks.Messages;

/// <summary>Reads from encoded etcd responses what the generator verifies. Field numbers are etcd's.</summary>
internal static class ResponseReader
{
    private const int HeaderField = 1;
    private const int HeaderRevisionField = 3;
    private const int RangeKvsField = 2;
    private const int TxnSucceededField = 2;
    private const int TxnResponsesField = 3;
    private const int LeaseIdField = 2;
    private const int LeaseTtlField = 3;

    /// <summary>The revision in a response's header; 0 if there is none.</summary>
    public static long ReadRevision(ReadOnlySpan<byte> response)
    {
        var reader = new ProtoReader(response);
        while (reader.Next())
        {
            if (reader.Field == HeaderField)
            {
                return ReadHeaderRevision(reader.ReadBytes());
            }

            reader.Skip();
        }

        return 0;
    }

    /// <summary>Revision and number of key-values of a RangeResponse.</summary>
    public static (long Revision, int Kvs) ReadRange(ReadOnlySpan<byte> response) => ReadCounted(response, RangeKvsField);

    /// <summary>Revision, outcome and number of operation responses of a TxnResponse.</summary>
    public static (long Revision, bool Succeeded, int Responses) ReadTxn(ReadOnlySpan<byte> response)
    {
        var succeeded = false;
        var reader = new ProtoReader(response);
        while (reader.Next())
        {
            if (reader.Field == TxnSucceededField)
            {
                succeeded = reader.ReadInt64() != 0;
            }
            else
            {
                reader.Skip();
            }
        }

        var (revision, responses) = ReadCounted(response, TxnResponsesField);
        return (revision, succeeded, responses);
    }

    /// <summary>Id and TTL (seconds) of a LeaseGrantResponse or LeaseKeepAliveResponse.</summary>
    public static (long Id, long Ttl) ReadLease(ReadOnlySpan<byte> response)
    {
        long id = 0;
        long ttl = 0;
        var reader = new ProtoReader(response);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case LeaseIdField:
                    id = reader.ReadInt64();
                    break;
                case LeaseTtlField:
                    ttl = reader.ReadInt64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (id, ttl);
    }

    private static (long Revision, int Count) ReadCounted(ReadOnlySpan<byte> response, int countedField)
    {
        long revision = 0;
        var count = 0;
        var reader = new ProtoReader(response);
        while (reader.Next())
        {
            if (reader.Field == HeaderField)
            {
                revision = ReadHeaderRevision(reader.ReadBytes());
                continue;
            }

            count += reader.Field == countedField ? 1 : 0;
            reader.Skip();
        }

        return (revision, count);
    }

    private static long ReadHeaderRevision(ReadOnlySpan<byte> header)
    {
        var reader = new ProtoReader(header);
        while (reader.Next())
        {
            if (reader.Field == HeaderRevisionField)
            {
                return reader.ReadInt64();
            }

            reader.Skip();
        }

        return 0;
    }
}
