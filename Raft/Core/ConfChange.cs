namespace Krewe.Raft.Core;

/// <summary>A membership change as it stands in the log. Without items it leaves a joint configuration.</summary>
/// <param name="Transition">How the change takes effect.</param>
/// <param name="Items">Changes, applied in order.</param>
/// <param name="Context">Opaque to the core: member attributes, request IDs.</param>
public sealed record ConfChange(
    ConfChangeTransition Transition,
    IReadOnlyList<ConfChangeItem> Items,
    ReadOnlyMemory<byte> Context)
{
    /// <summary>Upper bound of <see cref="Items"/>.</summary>
    public const int MaxItems = 256;

    /// <summary>Leaves a joint configuration.</summary>
    public static readonly ConfChange Leave = new(ConfChangeTransition.Auto, [], default);

    public bool IsLeave => Items.Count == 0;

    /// <summary>Whether the change must go through a joint configuration.</summary>
    public bool NeedsJoint => Transition != ConfChangeTransition.Auto || Items.Count > 1;

    public static ConfChange Single(ConfChangeKind kind, ulong id, ReadOnlyMemory<byte> context = default)
        => new(ConfChangeTransition.Auto, [new ConfChangeItem(kind, id)], context);
}
