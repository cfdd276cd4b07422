namespace Krewe.Raft.Core;

/// <summary>How a change takes effect. The values are part of the on-disk format.</summary>
public enum ConfChangeTransition : byte
{
    /// <summary>One voter at a time directly; more through a joint configuration that is left automatically.</summary>
    Auto = 0,

    /// <summary>Through a joint configuration that is left automatically.</summary>
    JointImplicit = 1,

    /// <summary>Through a joint configuration that is left by an empty change.</summary>
    JointExplicit = 2,
}
