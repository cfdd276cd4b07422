namespace Krewe.Raft.Core;

/// <summary>What happens to one member. The values are part of the on-disk format.</summary>
public enum ConfChangeKind : byte
{
    AddVoter = 0,
    AddLearner = 1,
    Remove = 2,

    /// <summary>Changes nothing in the configuration; carries new attributes of a member in the context.</summary>
    Update = 3,
}
