namespace Krewe.Grains.Interfaces.Kv;

/// <summary>Relation that a compare asks for; the numbers are etcd's wire values.</summary>
public enum CompareResult
{
    Equal = 0,
    Greater = 1,
    Less = 2,
    NotEqual = 3,
}
