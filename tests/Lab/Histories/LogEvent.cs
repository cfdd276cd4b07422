namespace Krewe.Lab.Histories;

/// <summary>One change of one key.</summary>
/// <param name="State">The key after it; null: deleted.</param>
internal sealed record LogEvent(long Revision, string Key, KeyState? State);
