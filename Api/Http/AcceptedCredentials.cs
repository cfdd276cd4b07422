using System.Security.Cryptography;
using System.Text;
using Krewe.Grains.Interfaces.Auth;

namespace Krewe.Api.Http;

/// <summary>
/// The credentials that were accepted last, by their hashes, while the permissions are what they were: each gateway asks every second, and a password is
/// dear to check. Safe for concurrent use.
/// </summary>
internal sealed class AcceptedCredentials
{
    /// <summary>How many it remembers; of more than that many gateways with different users the oldest is checked again.</summary>
    public const int Capacity = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _hashes = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private IAuthView? _view;

    public bool Contains(IAuthView view, string credentials)
    {
        var hash = HashOf(credentials);
        lock (_lock)
        {
            return ReferenceEquals(_view, view) && _hashes.Contains(hash);
        }
    }

    public void Add(IAuthView view, string credentials)
    {
        var hash = HashOf(credentials);
        lock (_lock)
        {
            if (!ReferenceEquals(_view, view))
            {
                _view = view;
                _hashes.Clear();
                _order.Clear();
            }

            if (!_hashes.Add(hash))
            {
                return;
            }

            _order.Enqueue(hash);
            if (_order.Count > Capacity)
            {
                _hashes.Remove(_order.Dequeue());
            }
        }
    }

    private static string HashOf(string credentials) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(credentials)));
}
