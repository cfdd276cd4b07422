namespace Krewe.Silo.Auth;

/// <summary>A key of one algorithm. Calls may come from any thread.</summary>
internal interface IJwtKey : IDisposable
{
    bool CanSign { get; }

    byte[] Sign(ReadOnlySpan<byte> data);

    bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>Whether the other key verifies what this one signs.</summary>
    bool IsPairOf(IJwtKey other);
}
