using Krewe.Api.Grpc;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Auth;

namespace Krewe.Api.Services.Concurrency;

/// <summary>May the caller still see the keys of an election? Asked before each answer of a stream, and judged anew only when permissions have changed.</summary>
internal sealed class ObserverRights(AuthGuard guard, GrpcCall call, byte[] prefix)
{
    private readonly byte[] _end = CandidateKey.EndOf(prefix);
    private IAuthView? _judgedBy;

    /// <summary>Throws for want of permission. As with watches the credential was good when the stream began; later only the user counts.</summary>
    public void Require()
    {
        var view = guard.View;
        if (ReferenceEquals(view, _judgedBy))
        {
            return;
        }

        if (view.Enabled)
        {
            AuthGuard.Require(view.CheckRead(call.User is { } name ? new AuthIdentity(name, view.Revision) : null, prefix, _end));
        }

        _judgedBy = view;
    }
}
