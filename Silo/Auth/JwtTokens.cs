using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Auth;

/// <summary>
/// JSON web tokens with the claims username, revision and exp (behaviours 205-207). Key files are read again when they change; what was signed with a
/// replaced key stays valid for the rest of its time.
/// </summary>
internal sealed partial class JwtTokens : ITokenProvider
{
    /// <summary>Longest token that is looked at; longer ones are not valid.</summary>
    public const int MaxTokenLength = 16 * 1024;

    /// <summary>How often the files are looked at, at most.</summary>
    public static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly JwtOptions _options;
    private readonly TimeProvider _time;
    private readonly string _header;
    private JwtKeySet _keys;
    private JwtRetiredKey[] _retired = [];
    private string _fileState;
    private long _lastLook;
    private ILogger _logger = NullLogger.Instance;

    /// <summary>Reads the keys; throws <see cref="InvalidDataException"/> with etcd's texts.</summary>
    public JwtTokens(JwtOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{{\"alg\":\"{options.Algorithm.Name}\",\"typ\":\"JWT\"}}"));
        _fileState = FileState();
        _keys = JwtKeySet.Load(options);
        _lastLook = time.GetTimestamp();
    }

    /// <summary>Where to tell of changed keys; before there are services it is told to nobody.</summary>
    public void LogTo(ILogger logger) => _logger = logger;

    public string? NewPrefix() => null;

    public string Issue(string userName, ulong authRevision)
    {
        var key = Keys().Signing ?? throw new EtcdException(EtcdError.TokenVerifyOnly);
        var claims = JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["exp"] = (_time.GetUtcNow() + _options.TimeToLive).ToUnixTimeSeconds(),
            ["revision"] = authRevision,
            ["username"] = userName,
        });
        var signed = $"{_header}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public ValueTask<AuthIdentity?> IdentifyAsync(string token, ulong authRevision, CancellationToken cancellationToken) => new(Verify(token));

    private AuthIdentity? Verify(string token)
    {
        if (token.Length > MaxTokenLength || !Ascii.IsValid(token))
        {
            return null;
        }

        var first = token.IndexOf('.', StringComparison.Ordinal);
        var second = first < 0 ? -1 : token.IndexOf('.', first + 1);
        if (second < 0 || token.IndexOf('.', second + 1) >= 0)
        {
            return null;
        }

        try
        {
            return IsMethod(token.AsSpan(0, first)) && IsSigned(token.AsSpan(0, second), token.AsSpan(second + 1))
                ? ReadClaims(token.AsSpan(first + 1, second - first - 1))
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The method is this member's choice, never the token's.</summary>
    private bool IsMethod(ReadOnlySpan<char> header)
    {
        if (header.SequenceEqual(_header))
        {
            return true;
        }

        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
        return json.RootElement.TryGetProperty("alg", out var alg) && alg.GetString() == _options.Algorithm.Name;
    }

    private bool IsSigned(ReadOnlySpan<char> signed, ReadOnlySpan<char> signature)
    {
        var data = new byte[signed.Length];
        Encoding.ASCII.GetBytes(signed, data);
        var bytes = Base64Url.DecodeFromChars(signature);
        foreach (var key in Keys().Verifying)
        {
            if (key.Verify(data, bytes))
            {
                return true;
            }
        }

        foreach (var key in Volatile.Read(ref _retired))
        {
            if (_time.GetUtcNow() < key.ValidUntil && key.Key.Verify(data, bytes))
            {
                return true;
            }
        }

        return false;
    }

    private AuthIdentity? ReadClaims(ReadOnlySpan<char> text)
    {
        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
        var claims = json.RootElement;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        if ((claims.TryGetProperty("exp", out var expires) && now >= expires.GetDouble())
            || (claims.TryGetProperty("nbf", out var begins) && now < begins.GetDouble())
            || !claims.TryGetProperty("username", out var name)
            || !claims.TryGetProperty("revision", out var revision)
            || name.GetString() is not { } userName
            || revision.GetDouble() is not (>= 0 and < ulong.MaxValue and var number))
        {
            return null;
        }

        return new AuthIdentity(userName, (ulong)number);
    }

    private JwtKeySet Keys()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lastLook)) >= ReloadInterval)
        {
            Reload();
        }

        return Volatile.Read(ref _keys);
    }

    private void Reload()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_lastLook) < ReloadInterval)
            {
                return;
            }

            Volatile.Write(ref _lastLook, _time.GetTimestamp());
            var state = FileState();
            if (state == _fileState)
            {
                return;
            }

            try
            {
                var keys = JwtKeySet.Load(_options);
                Retire(_keys, keys);
                Volatile.Write(ref _keys, keys);
                _fileState = state;
                LogReloaded(keys.Verifying.Count);
            }
            catch (InvalidDataException e)
            {
                // Perhaps one file of two is written: the next look finds both.
                LogNotReloaded(e);
            }
        }
    }

    private void Retire(JwtKeySet before, JwtKeySet now)
    {
        var until = _time.GetUtcNow() + _options.TimeToLive;
        Volatile.Write(
            ref _retired,
            [
                .. _retired.Where(key => key.ValidUntil > _time.GetUtcNow()),
                .. before.Verifying.Where(old => !now.Verifying.Any(old.IsPairOf)).Select(key => new JwtRetiredKey(key, until)),
            ]);
    }

    private string FileState() => $"{FileState(_options.PublicKeyFile)} {FileState(_options.PrivateKeyFile)}";

    private static string FileState(string file)
    {
        var info = file.Length == 0 ? null : new FileInfo(file);
        return info is { Exists: true } ? $"{info.LastWriteTimeUtc.Ticks}/{info.Length}" : "";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "read the keys of JSON web tokens again; {Keys} are accepted")]
    private partial void LogReloaded(int keys);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the key files of JSON web tokens have changed but can't be used; the former keys stay")]
    private partial void LogNotReloaded(Exception e);
}
