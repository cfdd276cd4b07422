using Google.Protobuf;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Differential.Auth;

/// <summary>What may differ between 3.5, the reference, and Krewe while auth is on.</summary>
internal static class AuthKnownDifferences
{
    /// <summary>B220: since 3.6 role root shows its permission.</summary>
    public static void Normalise(IMessage request, IMessage answer)
    {
        if (request is AuthRoleGetRequest { Role: AuthDiffState.Root } && answer is AuthRoleGetResponse { Perm: [{ Key.IsEmpty: true }] } role)
        {
            role.Perm.Clear();
        }
    }

    /// <summary>
    /// Seen once: etcd 3.5.30 took a user that had been deleted long before for one without a password, and did not when the same script ran again.
    /// For a user that does not exist Krewe's answer is that of B195.
    /// </summary>
    public static bool IsGhost(string expected, string actual) =>
        expected == "error Unknown: auth: authentication failed, password was given for no password user"
        && actual == "error InvalidArgument: etcdserver: authentication failed, invalid user ID or password";

    /// <summary>B229: until 3.6 maintenance denied in words of its own.</summary>
    public static bool AreDenialsOfMaintenance(IMessage request, string expected, string actual) =>
        request is HashKVRequest
        && (expected, actual) is
            ("error Unknown: auth: permission denied", "error PermissionDenied: etcdserver: permission denied")
            or ("error Unknown: auth: invalid auth token", "error Unauthenticated: etcdserver: invalid auth token")
            or ("error Unknown: auth: user name is empty", "error InvalidArgument: etcdserver: user name is empty");
}
