using Krewe.Grains.Auth.State;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
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

        // While auth is off only turning it on matters, so that users can be set up without disturbing writes. While it is on, what its actor may not do
        // will change nothing: with no change on its way, the state that is applied is the one that the command will meet.
        if (IsPending(term) || (module.Current.Enabled ? MayChange(payload) : kind == AuthCommandKind.Enable))
        {
            _index = index;
            _term = term;
        }
    }

    /// <summary>Whether a write with this stamp may be appended in the term.</summary>
    public bool IsCurrent(ulong term, ulong stamp) => !IsPending(term) && module.Current.Stamp == stamp;

    private bool MayChange(ReadOnlySpan<byte> payload)
    {
        try
        {
            return AuthRules.CheckAdmin(module.Current.State, AuthCommandCodec.Decode(payload).Actor) == EtcdError.None;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            // It is in the log already; what it does is for the one who applies it to say.
            return true;
        }
    }

    /// <summary>What was appended in earlier terms is applied or lost by the time that this member leads again.</summary>
    private bool IsPending(ulong term) => _term == term && _index > state.AppliedIndex;
}
