namespace Krewe.Conformance.Clients;

/// <summary>What a finished program printed.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors);
