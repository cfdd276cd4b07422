namespace Krewe.Lab.Histories;

/// <summary>What a client asked for.</summary>
internal enum OperationKind
{
    Put,

    /// <summary>One transaction that puts the same value to two keys: both or neither, in one revision.</summary>
    PutPair,

    /// <summary>Put if the key's mod revision is the expected one (0: absent), else read the key.</summary>
    CompareAndSwap,
    Delete,
    Read,
    SerializableRead,
}
