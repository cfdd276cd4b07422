using Krewe.Silo.Auth;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Tests.Auth;

/// <summary>--auth-token and its neighbours.</summary>
public sealed class AuthTokenSpecTests
{
    [Theory]
    [InlineData("simple", true)]
    [InlineData("simple,any=thing", true)]
    [InlineData("", true)]
    [InlineData("jwt,sign-method=RS256", true)]
    [InlineData("jwt,sign-method=EdDSA,pub-key=a,priv-key=b,ttl=10m", true)]
    [InlineData("jwt,sign-method=HS512,priv-key=b,unknown=x", true)]
    [InlineData("jwt", false)]
    [InlineData("jwt,sign-method=none", false)]
    [InlineData("jwt,sign-method=rs256", false)]
    [InlineData("jwt,sign-method=RS256,ttl=ten", false)]
    [InlineData("jwt,sign-method=RS256,sign-method=RS256", false)]
    [InlineData("jwt,sign-method", false)]
    [InlineData("jwt,sign-method=RS256,pub-key=a=b", false)]
    [InlineData("bearer", false)]
    public void Is_taken_apart_as_etcd_does(string text, bool expected)
    {
        Assert.Equal(expected, AuthTokenSpec.TryParse(text, out _, out var error));
        Assert.Equal("auth: invalid auth options", error);
    }

    [Fact]
    public void The_lifetime_of_a_jwt_is_five_minutes_unless_given()
    {
        Assert.True(AuthTokenSpec.TryParse("jwt,sign-method=RS256", out var spec, out _));
        Assert.Equal(TimeSpan.FromMinutes(5), spec.Jwt!.TimeToLive);
        Assert.True(AuthTokenSpec.TryParse("jwt,sign-method=RS256,ttl=90s", out spec, out _));
        Assert.Equal(TimeSpan.FromSeconds(90), spec.Jwt!.TimeToLive);
    }

    [Fact]
    public void The_flags_reach_the_options()
    {
        var parsed = CommandLineParser.Parse(
            ["--auth-token=jwt,sign-method=HS256,priv-key=k", "--auth-token-ttl=60", "--bcrypt-cost=12", "--audit-log"],
            new Dictionary<string, string>(),
            _ => "");

        var auth = parsed.Options!.Auth;
        Assert.Equal(("jwt,sign-method=HS256,priv-key=k", TimeSpan.FromMinutes(1), 12, true), (auth.Token, auth.SimpleTokenTimeToLive, auth.BcryptCost, auth.AuditLog));
        Assert.Equal("auth: invalid auth options", CommandLineParser.Parse(["--auth-token=x"], new Dictionary<string, string>(), _ => "").Text.Trim());
    }

    [Theory]
    [InlineData(3, 10)]
    [InlineData(4, 4)]
    [InlineData(31, 31)]
    [InlineData(32, 10)]
    [InlineData(0, 10)]
    public void A_cost_that_bcrypt_does_not_know_means_the_default(uint given, int expected)
    {
        var options = new AuthOptions { Token = "simple", SimpleTokenTimeToLive = TimeSpan.FromSeconds(1), BcryptCostGiven = given, AuditLog = false };

        Assert.Equal(expected, options.BcryptCost);
    }
}
