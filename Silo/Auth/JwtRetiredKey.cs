namespace Krewe.Silo.Auth;

/// <summary>A replaced key, whose tokens are accepted until the last of them has expired.</summary>
internal readonly record struct JwtRetiredKey(IJwtKey Key, DateTimeOffset ValidUntil);
