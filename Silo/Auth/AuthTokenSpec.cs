using Krewe.Silo.Configuration.Parsing;

namespace Krewe.Silo.Auth;

/// <summary>The value of --auth-token, taken apart.</summary>
/// <param name="Kind">What comes before the first comma.</param>
/// <param name="Jwt">The options of kind jwt; null for other kinds.</param>
internal sealed record AuthTokenSpec(string Kind, JwtOptions? Jwt)
{
    public const string Simple = "simple";
    public const string JwtKind = "jwt";

    /// <summary>etcd's answer to options that it can't use.</summary>
    public const string InvalidOptions = "auth: invalid auth options";

    /// <summary>Takes the value apart; does not look at files.</summary>
    public static bool TryParse(string text, out AuthTokenSpec spec, out string error)
    {
        spec = new AuthTokenSpec("", null);
        error = InvalidOptions;
        var parts = text.Split(',');
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in parts.Skip(1))
        {
            var pair = part.Split('=');
            if (pair.Length != 2 || !options.TryAdd(pair[0], pair[1]))
            {
                return false;
            }
        }

        switch (parts[0])
        {
            case Simple or "":
                spec = new AuthTokenSpec(parts[0], null);
                return true;
            case JwtKind when TryReadJwt(options, out var jwt):
                spec = new AuthTokenSpec(JwtKind, jwt);
                return true;
            default:
                return false;
        }
    }

    private static bool TryReadJwt(Dictionary<string, string> options, out JwtOptions jwt)
    {
        jwt = new JwtOptions("", "", JwtAlgorithm.None, JwtOptions.DefaultTimeToLive);
        var timeToLive = JwtOptions.DefaultTimeToLive;
        if (options.GetValueOrDefault("ttl") is { Length: > 0 } ttl && !GoDuration.TryParse(ttl, out timeToLive))
        {
            return false;
        }

        if (!JwtAlgorithm.TryFind(options.GetValueOrDefault("sign-method") ?? "", out var algorithm))
        {
            return false;
        }

        jwt = new JwtOptions(options.GetValueOrDefault("pub-key") ?? "", options.GetValueOrDefault("priv-key") ?? "", algorithm, timeToLive);
        return true;
    }
}
