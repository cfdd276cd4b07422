namespace Krewe.Raft.Log;

/// <summary>Another process (or another log of this one) has the directory open.</summary>
public sealed class DiskLockedException : IOException
{
    /// <summary>Creates the exception without details.</summary>
    public DiskLockedException()
        : base("the directory is in use")
    {
    }

    /// <summary>Creates the exception with a text for the operator.</summary>
    public DiskLockedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a text for the operator and its cause.</summary>
    public DiskLockedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
