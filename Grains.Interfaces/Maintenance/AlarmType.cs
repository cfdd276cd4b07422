namespace Krewe.Grains.Interfaces.Maintenance;

/// <summary>Kinds of alarm; the numbers are etcd's wire values.</summary>
public enum AlarmType
{
    None = 0,
    NoSpace = 1,
    Corrupt = 2,
}
