namespace Krewe.Raft.Log;

/// <summary>There is no space left (ENOSPC) or the quota is used up (EDQUOT). The operation may be retried when space was freed.</summary>
public sealed class DiskFullException : IOException
{
    /// <summary>Creates the exception without details.</summary>
    public DiskFullException()
        : base("no space left on the disk")
    {
    }

    /// <summary>Creates the exception with a text for the operator.</summary>
    public DiskFullException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a text for the operator and its cause.</summary>
    public DiskFullException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
