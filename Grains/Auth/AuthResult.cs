using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Auth;

/// <summary>What applying an auth command said, for its proposer.</summary>
/// <param name="Error">Why it changed nothing, or none.</param>
/// <param name="Token">The token of an Authenticate.</param>
/// <param name="Revision">Auth revision after the command.</param>
internal sealed record AuthResult(EtcdError Error, string Token, ulong Revision);
