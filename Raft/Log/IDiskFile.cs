namespace Krewe.Raft.Log;

/// <summary>An open file of an <see cref="IDisk"/>. Reads may run beside one writer.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>Size in bytes, including what is preallocated.</summary>
    long Length { get; }

    /// <summary>Reserves the first <paramref name="length"/> bytes: the file grows to that size (never shrinks), new bytes read as zero,
    /// and writes within it can't fail for lack of space.</summary>
    /// <exception cref="DiskFullException">There is not that much space; the file is unchanged or partly grown.</exception>
    void Preallocate(long length);

    /// <summary>Reads up to the size of <paramref name="buffer"/>; returns the bytes read, fewer only at the end of the file.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Writes all of <paramref name="data"/> with one call.</summary>
    void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Sets the size in bytes; a longer file reads as zero behind its old end.</summary>
    void Truncate(long length);

    /// <summary>Makes all writes so far durable (fdatasync: data and size). After a failure the state of unsynced writes is unknown
    /// and a retry proves nothing.</summary>
    void SyncData();
}
