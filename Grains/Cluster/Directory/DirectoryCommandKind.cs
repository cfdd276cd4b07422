namespace Krewe.Grains.Cluster.Directory;

/// <summary>Commands on the grain directory. The numbers are part of the log format.</summary>
public enum DirectoryCommandKind : byte
{
    /// <summary>Registers an activation; compares the previous address.</summary>
    Register = 1,

    /// <summary>Removes registrations, each if it still is the named activation.</summary>
    Unregister = 2,

    /// <summary>Removes what is registered on silos that the membership table does not admit.</summary>
    RemoveSilos = 3,
}
