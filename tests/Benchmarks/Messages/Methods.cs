namespace Krewe.Benchmarks.Messages;

/// <summary>Paths of the gRPC methods the generator calls.</summary>
internal static class Methods
{
    public const string Put = "/etcdserverpb.KV/Put";
    public const string Range = "/etcdserverpb.KV/Range";
    public const string Txn = "/etcdserverpb.KV/Txn";
    public const string Watch = "/etcdserverpb.Watch/Watch";
    public const string LeaseGrant = "/etcdserverpb.Lease/LeaseGrant";
    public const string LeaseKeepAlive = "/etcdserverpb.Lease/LeaseKeepAlive";
    public const string Auth = "/etcdserverpb.Auth/";
    public const string Authenticate = Auth + "Authenticate";
}
