namespace Krewe.Testing.Certificates;

/// <summary>What a certificate's key is.</summary>
internal enum KeyKind
{
    Ecdsa,
    Rsa,
}
