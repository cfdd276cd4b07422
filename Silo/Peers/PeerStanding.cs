namespace Krewe.Silo.Peers;

/// <summary>What this member knows of another one.</summary>
internal enum PeerStanding
{
    Unknown = 0,
    Member,
    Removed,
}
