namespace Krewe.Grains.Keyspace.Index;

/// <summary>A superseded version of a key. Its value and lease are in the store, under its revision.</summary>
/// <param name="Main">Revision.</param>
/// <param name="Sub">Position among the changes of that revision.</param>
/// <param name="Create">Revision that began this life of the key; 0 for a tombstone.</param>
/// <param name="Version">Puts in this life; 0 for a tombstone.</param>
internal readonly record struct HistoricVersion(long Main, int Sub, long Create, long Version)
{
    public bool IsTombstone => Version == 0;

    public bool IsBefore(long main, int sub) => Main < main || (Main == main && Sub < sub);
}
