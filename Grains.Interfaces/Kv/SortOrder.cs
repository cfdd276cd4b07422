namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Order of range results; the numbers are etcd's wire values.</summary>
public enum SortOrder
{
    None = 0,
    Ascend = 1,
    Descend = 2,
}
