namespace Krewe.Raft.Log;

/// <summary>The entries asked for were released (etcd: compacted); the reader needs a snapshot.</summary>
public sealed class EntriesReleasedException : Exception
{
    /// <summary>Creates the exception without details.</summary>
    public EntriesReleasedException()
        : base("the entries were released")
    {
    }

    /// <summary>Creates the exception with a text.</summary>
    public EntriesReleasedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a text and its cause.</summary>
    public EntriesReleasedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
