using Krewe.Grains.Interfaces.Auth;

namespace Krewe.Grains.Auth.State;

/// <summary>A role; immutable.</summary>
/// <param name="Name">Not empty.</param>
/// <param name="Permissions">Sorted by key; those on the same key in the order in which they came.</param>
internal sealed record RoleRecord(string Name, IReadOnlyList<KeyPermission> Permissions)
{
    /// <summary>Replaces the permission on the same keys, or adds it (behaviour 217).</summary>
    public RoleRecord With(KeyPermission permission)
    {
        var permissions = new List<KeyPermission>(Permissions.Count + 1);
        var position = 0;
        var isReplaced = false;
        foreach (var held in Permissions)
        {
            var isSame = held.IsOn(permission.Key.Span, permission.RangeEnd.Span);
            isReplaced |= isSame;
            permissions.Add(isSame ? permission : held);
            if (held.Key.Span.SequenceCompareTo(permission.Key.Span) <= 0)
            {
                position = permissions.Count;
            }
        }

        if (!isReplaced)
        {
            permissions.Insert(position, permission);
        }

        return this with { Permissions = permissions };
    }

    /// <summary>Without the permission on exactly these keys; the same role if it has none (behaviour 219).</summary>
    public RoleRecord Without(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        var permissions = new List<KeyPermission>(Permissions.Count);
        foreach (var held in Permissions)
        {
            if (!held.IsOn(key, rangeEnd))
            {
                permissions.Add(held);
            }
        }

        return permissions.Count == Permissions.Count ? this : this with { Permissions = permissions };
    }
}
