using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Keyspace;

namespace Krewe.Grains.Auth;

/// <summary>
/// Tells the leader whether permissions that a write was judged by are those at the tail of its log. What an auth command changes is known only when
/// it is applied; while one is appended and not applied, the answer is no, and the write is judged anew a moment later. All under the tail's gate.
/// </summary>
public sealed class PendingAuth(AuthModule module, KeyspaceState state)
{
    private ulong _index;
    private ulong _term;

    /// <summary>An auth command was appended.</summary>
    public void Appended(ulong index, ulong term, ReadOnlySpan<byte> payload)
    {
        var kind = AuthCommandCodec.KindOf(payload);
        if (kind == AuthCommandKind.Authenticate)
        {
            return;
        }

        // While auth is off only turning it on matters, so that users can be set up without disturbing writes.
        if (module.Current.Enabled || kind == AuthCommandKind.Enable || IsPending(term))
        {
            _index = index;
            _term = term;
        }
    }

    /// <summary>Whether a write with this stamp may be appended in the term.</summary>
    public bool IsCurrent(ulong term, ulong stamp) => !IsPending(term) && module.Current.Stamp == stamp;

    /// <summary>What was appended in earlier terms is applied or lost by the time that this member leads again.</summary>
    private bool IsPending(ulong term) => _term == term && _index > state.AppliedIndex;
}
