namespace Krewe.Grains.Auth.Passwords;

/// <summary>Makes and checks password hashes. Both are slow on purpose, so they happen away from the callers' threads, a bounded number at a time.</summary>
public interface IPasswords
{
    /// <summary>Hashes; throws <see cref="Interfaces.Errors.EtcdException"/> PasswordTooLong, or TooManyRequests when too many wait.</summary>
    ValueTask<ReadOnlyMemory<byte>> HashAsync(string password, CancellationToken cancellationToken);

    /// <summary>Whether the password has the user's stored hash.</summary>
    ValueTask<bool> VerifyAsync(string userName, ReadOnlyMemory<byte> hash, string password, CancellationToken cancellationToken);

    /// <summary>The user's password is another one now.</summary>
    void Forget(string userName);
}
