namespace Krewe.Silo.Configuration.Flags;

/// <summary>How the text of a flag's value is read.</summary>
internal enum FlagKind
{
    /// <summary>Any text, or one of <see cref="FlagDefinition.Choices"/> when there are some.</summary>
    Text,

    /// <summary>A Go boolean: 1, t, T, true, True, TRUE, 0, f, F, false, False, FALSE.</summary>
    Boolean,

    /// <summary>A signed 64-bit integer, decimal or with Go's 0x, 0o, 0b prefixes.</summary>
    Integer,

    /// <summary>An unsigned 32-bit integer.</summary>
    UnsignedInteger,

    /// <summary>An unsigned 64-bit integer.</summary>
    UnsignedLong,

    /// <summary>A Go duration such as 1m30s; integer nanoseconds in a configuration file.</summary>
    Duration,

    /// <summary>Comma separated URLs with scheme http, https, unix or unixs and no path.</summary>
    Urls,

    /// <summary>As <see cref="Urls"/>, or <c>*</c> for all.</summary>
    UrlsOrAll,

    /// <summary>Comma separated texts.</summary>
    TextList,
}
