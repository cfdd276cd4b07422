namespace Krewe.Raft.Log;

/// <summary>The unfinished end of the log that was cut off when it was opened. It was never acknowledged.</summary>
/// <param name="File">Name of the segment file.</param>
/// <param name="Offset">Where the cut is, in bytes.</param>
/// <param name="Bytes">How many bytes behind <paramref name="Offset"/> were overwritten with zeroes.</param>
public sealed record WalTornTail(string File, long Offset, long Bytes);
