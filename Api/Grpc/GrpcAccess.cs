namespace Krewe.Api.Grpc;

/// <summary>What an RPC asks of its caller while auth is on (behaviours 225-228).</summary>
internal enum GrpcAccess
{
    /// <summary>Its handler checks keys, or everybody may call it.</summary>
    Handler = 0,

    /// <summary>Any valid user.</summary>
    Identity,

    /// <summary>Role root.</summary>
    Root,
}
