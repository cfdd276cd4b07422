namespace Krewe.Grains.Interfaces.Kv;

/// <summary>An operation on keys: stands alone or inside a transaction.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.KvOperation")]
public abstract class KvOperation
{
    [NonSerialized]
    private ulong _authStamp;

    /// <summary>
    /// The permissions that it was judged by (<see cref="Auth.IAuthView.Stamp"/>); set before it is handed on. Batches carry it across silos, one for
    /// all their operations.
    /// </summary>
    public ulong AuthStamp
    {
        get => _authStamp;
        set => _authStamp = value;
    }
}
