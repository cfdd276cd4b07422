using Grpc.Core;
using Krewe.Api.Gateway;
using Krewe.Api.Grpc;
using Krewe.Api.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Tests.Grpc;

public sealed class GrpcServerAbortTests
{
    [Fact]
    public async Task A_broken_connection_is_no_failure_of_the_server_even_before_its_token_fires()
    {
        using var log = new RecordingLoggerProvider();
        await using var host = await ApiHost.StartAsync(log: log);
        var method = new StreamMethod("test", "Broken", GrpcMethodKind.Unary, static _ => throw new IOException("the client reset the request stream"));

        var status = await new LoopbackCall(new HeaderDictionary(), null, CancellationToken.None).RunAsync(host.Server, method);

        Assert.Equal(StatusCode.Cancelled, status.Code);
        Assert.Equal("", log.Text);
    }
}
