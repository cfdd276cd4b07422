using Google.Protobuf;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential.Auth;

/// <summary>One request and who sends it.</summary>
/// <param name="User">Whose token goes along; null for none.</param>
internal sealed record AuthDiffOp(string? User, IMessage Request)
{
    public override string ToString() => $"{User ?? "(nobody)"}: {Request.Descriptor.Name} {new Canon(0).Write(Request)}";
}
