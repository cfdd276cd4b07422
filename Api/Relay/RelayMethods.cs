using Google.Protobuf.Reflection;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Election;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Lock;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Relay;

/// <summary>A gateway's RPCs: each goes to a member as it came. Watches are the gateway's own.</summary>
internal sealed class RelayMethods(IRemoteRpcs members, AuthGuard guard, StopSignal stop) : IGrpcService
{
    private const string KeepAlive = "/etcdserverpb.Lease/LeaseKeepAlive";
    private const string Watch = "/etcdserverpb.Watch/Watch";

    public IEnumerable<GrpcMethod> Methods =>
        from file in new[] { RpcReflection.Descriptor, LockReflection.Descriptor, ElectionReflection.Descriptor }
        from service in file.Services
        from method in service.Methods
        where GrpcMethod.PathOf(method) != Watch
        select Relay(method);

    private GrpcMethod Relay(MethodDescriptor method)
    {
        var (service, name, path) = (method.Service.FullName, method.Name, GrpcMethod.PathOf(method));
        var isRepeatable = RepeatRules.Of(path);
        if (path == KeepAlive)
        {
            return new StreamMethod(service, name, GrpcMethodKind.BidiStream, new RelayedKeepAlive(path, members, guard, stop).RunAsync);
        }

        return method.IsServerStreaming || RepeatRules.TakesTime(path)
            ? new RelayedStreamMethod(service, name, method.IsServerStreaming ? GrpcMethodKind.ServerStream : GrpcMethodKind.Unary, members, guard, stop, isRepeatable)
            : new RelayedUnaryMethod(service, name, members, guard, isRepeatable);
    }
}
