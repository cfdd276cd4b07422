namespace Krewe.Raft.Core;

internal enum VoteOutcome : byte
{
    Pending = 0,
    Won = 1,
    Lost = 2,
}
