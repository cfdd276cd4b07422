namespace Krewe.Silo.Configuration.Flags;

/// <summary>What Krewe does with a flag.</summary>
internal enum FlagSupport
{
    /// <summary>The flag does what etcd's documentation says.</summary>
    Effective,

    /// <summary>The flag tunes something that Krewe does not have. It is accepted, with a warning when it is not at its default.</summary>
    AcceptedNoEffect,

    /// <summary>Not built yet: a value other than the default refuses to start, because ignoring it would be a lie.</summary>
    NotYet,
}
