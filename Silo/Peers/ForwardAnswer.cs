namespace Krewe.Silo.Peers;

/// <summary>What a leader says of a forwarded proposal: where it stands in the log, or that it certainly is not there.</summary>
internal readonly record struct ForwardAnswer(bool IsAppended, ulong Index, ulong Term);
