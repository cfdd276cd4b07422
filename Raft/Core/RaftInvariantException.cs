namespace Krewe.Raft.Core;

/// <summary>
/// A property that Raft relies on does not hold (two leaders in one term, a log that lost committed entries, a caller that
/// breaks the contract). The node must stop: going on could lose acknowledged writes.
/// </summary>
public sealed class RaftInvariantException : Exception
{
    public RaftInvariantException()
    {
    }

    public RaftInvariantException(string message)
        : base(message)
    {
    }

    public RaftInvariantException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
