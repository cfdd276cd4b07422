namespace Krewe.Conformance.Crash;

/// <summary>A write that the server acknowledged: it may never be lost.</summary>
internal sealed record AcknowledgedWrite(string Key, string Value, long Revision);
