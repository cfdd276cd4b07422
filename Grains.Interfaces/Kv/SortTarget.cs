namespace Krewe.Grains.Interfaces.Kv;

/// <summary>What range results are ordered by; the numbers are etcd's wire values.</summary>
public enum SortTarget
{
    Key = 0,
    Version = 1,
    Create = 2,
    Mod = 3,
    Value = 4,
}
