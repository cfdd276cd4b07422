using Krewe.Api.Grpc;

namespace Krewe.Api.Services;

/// <summary>v3lockpb.Lock: listed, not built yet.</summary>
internal sealed class LockService : IGrpcService
{
    public IEnumerable<GrpcMethod> Methods =>
        [ProtoMethods.Missing("v3lockpb.Lock", "Lock"), ProtoMethods.Missing("v3lockpb.Lock", "Unlock")];
}
