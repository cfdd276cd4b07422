using System.Security.Cryptography;
using System.Text;

namespace Krewe.Silo.Auth;

/// <summary>
/// Remembers which password was right for which stored hash, as a digest under a key that lives and dies with the process. One entry a user; the one
/// that was used longest ago gives way.
/// </summary>
internal sealed class VerifiedPasswords(int maxUsers)
{
    public const int DefaultMaxUsers = 10_000;

    private readonly Lock _gate = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<string, LinkedListNode<(string User, byte[] Digest)>> _byUser = new(StringComparer.Ordinal);
    private readonly LinkedList<(string User, byte[] Digest)> _byUse = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byUser.Count;
            }
        }
    }

    /// <summary>Stands for a stored hash together with a password.</summary>
    public byte[] DigestOf(ReadOnlySpan<byte> hash, string password)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Span<byte> length = stackalloc byte[sizeof(int)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, hash.Length);
        mac.AppendData(length);
        mac.AppendData(hash);
        mac.AppendData(Encoding.UTF8.GetBytes(password));
        return mac.GetHashAndReset();
    }

    public bool Contains(string user, ReadOnlySpan<byte> digest)
    {
        lock (_gate)
        {
            if (!_byUser.TryGetValue(user, out var node) || !CryptographicOperations.FixedTimeEquals(node.Value.Digest, digest))
            {
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return true;
        }
    }

    public void Add(string user, byte[] digest)
    {
        lock (_gate)
        {
            RemoveNode(user);
            _byUser[user] = _byUse.AddFirst((user, digest));
            if (_byUser.Count > maxUsers)
            {
                RemoveNode(_byUse.Last!.Value.User);
            }
        }
    }

    public void Remove(string user)
    {
        lock (_gate)
        {
            RemoveNode(user);
        }
    }

    private void RemoveNode(string user)
    {
        if (_byUser.Remove(user, out var node))
        {
            _byUse.Remove(node);
        }
    }
}
