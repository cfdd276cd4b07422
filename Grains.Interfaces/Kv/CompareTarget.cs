namespace Krewe.Grains.Interfaces.Kv;

/// <summary>What of a key a compare looks at; the numbers are etcd's wire values.</summary>
public enum CompareTarget
{
    Version = 0,
    Create = 1,
    Mod = 2,
    Value = 3,
    Lease = 4,
}
