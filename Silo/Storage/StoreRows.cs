namespace Krewe.Silo.Storage;

/// <summary>Rows of the meta table that the store owns.</summary>
internal static class StoreRows
{
    /// <summary>Version of the store's layout: which column families there are and these rows.</summary>
    internal const byte FormatVersion = 1;

    /// <summary>One byte, <see cref="FormatVersion"/>.</summary>
    internal static ReadOnlySpan<byte> Format => "store/format"u8;

    /// <summary>Index of the last log entry whose effects are in the store; 8 bytes big-endian.</summary>
    internal static ReadOnlySpan<byte> AppliedIndex => "store/applied"u8;
}
