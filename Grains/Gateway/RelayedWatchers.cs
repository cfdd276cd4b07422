using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway;

/// <summary>
/// May the watchers that a gateway asks for see what they watch? Judged by each one's token when it is made (behaviours 152-154), and as on streams of
/// clients again whenever permissions have changed. Belongs to one grain's turns.
/// </summary>
internal sealed class RelayedWatchers(IAuthClient auth)
{
    private readonly Dictionary<long, (WatchRequest Request, string? UserName)> _watchers = [];
    private readonly List<WatchBatch> _refusals = [];

    /// <summary>What all watchers were judged by.</summary>
    public IAuthView JudgedBy { get; private set; } = auth.View;

    public bool HasRefusals => _refusals.Count > 0;

    /// <summary>False, with a refusal to be told, for one that may not watch.</summary>
    public async ValueTask<bool> TryAddAsync(WatchRequest request)
    {
        while (true)
        {
            var view = auth.View;
            var (error, userName) = await JudgeAsync(request, view);
            if (!ReferenceEquals(view, auth.View))
            {
                continue;
            }

            if (error == EtcdError.None)
            {
                _watchers[request.WatchId] = (request, userName);
                return true;
            }

            Refuse(request.WatchId, error);
            return false;
        }
    }

    public void Remove(long watchId) => _watchers.Remove(watchId);

    /// <summary>Judges all by what holds now. The credential was good when a watch began; now only the user counts.</summary>
    public void Judge(IWatchStream stream)
    {
        var view = auth.View;
        if (ReferenceEquals(view, JudgedBy))
        {
            return;
        }

        foreach (var (id, (request, userName)) in _watchers.ToArray())
        {
            var identity = userName is null ? null : new AuthIdentity(userName, view.Revision);
            if (view.CheckRead(identity, request.Key.Span, request.RangeEnd.Span) is var error && error != EtcdError.None)
            {
                _watchers.Remove(id);
                stream.Cancel(id);
                Refuse(id, error);
            }
        }

        JudgedBy = view;
    }

    /// <summary>Whether a batch may be told: events only of watchers that may still see them.</summary>
    public bool Admits(in WatchBatch batch)
    {
        if (batch.Kind == WatchBatchKind.Compacted)
        {
            _watchers.Remove(batch.WatchId);
        }

        return batch.Kind != WatchBatchKind.Events || _watchers.ContainsKey(batch.WatchId);
    }

    public WatchBatch[] TakeRefusals()
    {
        WatchBatch[] refusals = [.. _refusals];
        _refusals.Clear();
        return refusals;
    }

    private async ValueTask<(EtcdError Error, string? UserName)> JudgeAsync(WatchRequest request, IAuthView view)
    {
        try
        {
            var identity = await TokenBearer.IdentifyAsync(auth, request.Token, view, CancellationToken.None);
            return (view.CheckRead(identity, request.Key.Span, request.RangeEnd.Span), identity?.UserName);
        }
        catch (EtcdException e)
        {
            return (e.Error, null);
        }
    }

    private void Refuse(long watchId, EtcdError error) =>
        _refusals.Add(new WatchBatch { WatchId = watchId, Kind = WatchBatchKind.Canceled, Error = error, Events = [] });
}
