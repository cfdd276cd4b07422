namespace Krewe.Conformance.Engine;

/// <summary>What one step of a script answered.</summary>
internal sealed record TranscriptLine(string Label, string Text);
