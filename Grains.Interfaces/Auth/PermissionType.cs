namespace Krewe.Grains.Interfaces.Auth;

/// <summary>What a permission allows (behaviour 212). The numbers are etcd's and part of the row format; unknown ones are kept and allow nothing.</summary>
public enum PermissionType
{
    Read = 0,
    Write = 1,
    ReadWrite = 2,
}
