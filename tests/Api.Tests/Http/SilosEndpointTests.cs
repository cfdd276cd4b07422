using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Krewe.Api.Http;
using Krewe.Api.Tests.Hosting;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Http;

public sealed class SilosEndpointTests
{
    [Fact]
    public async Task Gateways_with_different_users_have_their_passwords_checked_once_each_while_permissions_stay()
    {
        await using var host = await ApiHost.StartAsync();
        host.Auth.Set(v => v with { Enabled = true });
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(host, "a:1"));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(host, "b:2"));
        }

        Assert.Equal(2, host.Auth.Authenticated);
        host.Auth.Set(v => v with { Revision = v.Revision + 1 });
        host.Auth.Failure = EtcdError.AuthFailed;
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "a:1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host, "b:2"));
    }

    [Fact]
    public async Task Of_many_the_oldest_is_forgotten_first()
    {
        await using var host = await ApiHost.StartAsync();
        host.Auth.Set(v => v with { Enabled = true });
        for (var i = 0; i <= AcceptedCredentials.Capacity; i++)
        {
            await AskAsync(host, $"u{i}:p");
        }

        var before = host.Auth.Authenticated;
        await AskAsync(host, $"u{AcceptedCredentials.Capacity}:p");
        Assert.Equal(before, host.Auth.Authenticated);
        await AskAsync(host, "u0:p");
        Assert.Equal(before + 1, host.Auth.Authenticated);
    }

    private static async Task<HttpStatusCode> AskAsync(ApiHost host, string credentials)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/krewe/silos");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
