namespace Krewe.Raft.Log;

/// <summary>A write or sync failed before, so what is on the disk is unknown: every call fails until the log is opened anew.</summary>
/// <remarks>A failed fsync is never retried: the kernel may have dropped the dirty pages and answer the retry with success.</remarks>
public sealed class WalFailedException : IOException
{
    private const string Text = "the write-ahead log stopped after a disk failure and must be opened anew";

    /// <summary>Creates the exception without details.</summary>
    public WalFailedException()
        : base(Text)
    {
    }

    /// <summary>Creates the exception with a text.</summary>
    public WalFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a text and the first failure.</summary>
    public WalFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for the first failure.</summary>
    public WalFailedException(Exception cause)
        : base($"{Text}: {cause?.Message}", cause)
    {
    }
}
