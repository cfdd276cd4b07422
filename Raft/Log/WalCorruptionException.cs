namespace Krewe.Raft.Log;

/// <summary>Bytes that once were durable are damaged or missing. The log refuses to open: going on could break promises the member made.</summary>
public sealed class WalCorruptionException : IOException
{
    private const string Advice =
        "The log was not changed. Restore the file from a copy of this same disk, or remove this member from the cluster, "
        + "empty its data directory and add it anew so that it copies the state of the others; the last member of a cluster is restored "
        + "from a snapshot.";

    /// <summary>Creates the exception without details.</summary>
    public WalCorruptionException()
        : this("unknown", 0, "the log is damaged")
    {
    }

    /// <summary>Creates the exception with a text only.</summary>
    public WalCorruptionException(string message)
        : this("unknown", 0, message)
    {
    }

    /// <summary>Creates the exception with a text and its cause.</summary>
    public WalCorruptionException(string message, Exception? innerException)
        : base(message, innerException)
    {
        File = "unknown";
    }

    /// <summary>Creates the exception for a place in a segment file.</summary>
    public WalCorruptionException(string file, long offset, string problem)
        : base($"write-ahead log {file} is damaged at offset {offset}: {problem}. {Advice}")
    {
        File = file;
        Offset = offset;
    }

    /// <summary>Name of the damaged (or missing) segment file.</summary>
    public string File { get; }

    /// <summary>Where the damage is, in bytes from the start of the file.</summary>
    public long Offset { get; }
}
