using Grpc.Core;

namespace Krewe.Lab.Clients;

public sealed class StreamEndTests
{
    [Fact]
    public void A_broken_connection_ends_a_stream_however_it_is_told()
    {
        Assert.True(StreamEnd.Is(new HttpIOException(HttpRequestError.ResponseEnded)));
        Assert.True(StreamEnd.Is(new RpcException(Status.DefaultCancelled)));
        Assert.True(StreamEnd.Is(new OperationCanceledException()));
        Assert.False(StreamEnd.Is(new FormatException()));
    }
}
