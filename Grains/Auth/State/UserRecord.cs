namespace Krewe.Grains.Auth.State;

/// <summary>A user; immutable.</summary>
/// <param name="Name">Not empty.</param>
/// <param name="PasswordHash">bcrypt, as text in ASCII; empty for one that no password matches.</param>
/// <param name="NoPassword">Whether it can only be used by certificate (behaviour 198).</param>
/// <param name="Roles">Sorted by name in byte order (behaviour 224).</param>
internal sealed record UserRecord(string Name, ReadOnlyMemory<byte> PasswordHash, bool NoPassword, IReadOnlyList<string> Roles)
{
    /// <summary>The role and the user that etcd knows by name (behaviours 191, 211).</summary>
    public const string Root = "root";

    public bool IsRoot => Has(Root);

    public bool Has(string role)
    {
        foreach (var held in Roles)
        {
            if (string.Equals(held, role, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public UserRecord With(string role)
    {
        List<string> roles = [.. Roles, role];
        roles.Sort(NameOrder.Instance);
        return this with { Roles = roles };
    }

    public UserRecord Without(string role) => this with { Roles = [.. Roles.Where(held => held != role)] };
}
