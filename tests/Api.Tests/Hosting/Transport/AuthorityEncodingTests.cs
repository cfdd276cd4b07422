using System.Text;
using Krewe.Api.Hosting.Transport;

namespace Krewe.Api.Tests.Hosting.Transport;

public sealed class AuthorityEncodingTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("etcd_0.example-1:2379")]
    [InlineData("127.0.0.1:2379")]
    [InlineData("[::1]:2379")]
    [InlineData("[fe80::1]")]
    [InlineData("")]
    public void Host_names_stay(string authority) => Assert.Equal(authority, Read(authority));

    [Theory]
    [InlineData("#initially=[127.0.0.1:2379]", "-initially--127.0.0.1-2379-")]
    [InlineData("a:b", "a-b")]
    [InlineData("a:", "a-")]
    [InlineData("[]", "--")]
    [InlineData("[::1", "---1")]
    [InlineData("\u00e9", "-")]
    public void Everything_else_becomes_one_behaviour_348(string authority, string expected) => Assert.Equal(expected, Read(authority));

    private static string Read(string authority) => AuthorityEncoding.Instance.GetString((ReadOnlySpan<byte>)Encoding.Latin1.GetBytes(authority));
}
