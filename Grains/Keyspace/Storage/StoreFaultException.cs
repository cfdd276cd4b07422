namespace Krewe.Grains.Keyspace.Storage;

/// <summary>The store could not write or read: a full or broken disk. State in memory is unchanged; the batch may be retried.</summary>
public sealed class StoreFaultException : IOException
{
    public StoreFaultException(string message, bool isDiskFull, Exception? inner = null)
        : base(message, inner) => IsDiskFull = isDiskFull;

    /// <summary>Whether freeing space will help.</summary>
    public bool IsDiskFull { get; }
}
