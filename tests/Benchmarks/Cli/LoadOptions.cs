using System.CommandLine;
using Krewe.Benchmarks.Load;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Cli;

/// <summary>The options of load that commands share.</summary>
internal sealed class LoadOptions
{
    private readonly Option<int> _connections = new("--connections") { Description = "TCP connections", DefaultValueFactory = _ => 16 };
    private readonly Option<int> _clients = new("--clients") { Description = "clients with one request in flight each; 1: latency of an idle server", DefaultValueFactory = _ => 128 };
    private readonly Option<double> _warmup = new("--warmup") { Description = "seconds before measuring", DefaultValueFactory = _ => 5 };
    private readonly Option<double> _duration = new("--duration") { Description = "measured seconds", DefaultValueFactory = _ => 10 };
    private readonly Option<long> _total = new("--total") { Description = "measured operations instead of a duration; 0: use the duration" };
    private readonly Option<int> _keys = new("--keys") { Description = "keys that are loaded before each run; a multiple of 100", DefaultValueFactory = _ => 10_000 };
    private readonly Option<int> _keySize = new("--key-size") { Description = "bytes per key", DefaultValueFactory = _ => 32 };
    private readonly Option<int> _valueSize = new("--value-size") { Description = "bytes per value", DefaultValueFactory = _ => 256 };
    private readonly Option<double> _readShare = new("--read-share") { Description = "share of gets in the mixed workload", DefaultValueFactory = _ => 0.7 };
    private readonly Option<int> _watchers = new("--watchers") { Description = "watches of the watch workload", DefaultValueFactory = _ => 100 };
    private readonly Option<int> _watchStreams = new("--watch-streams") { Description = "gRPC streams that carry the watches", DefaultValueFactory = _ => 10 };
    private readonly Option<int> _rate = new("--rate") { Description = "puts per second of the watch workload; 0: unlimited", DefaultValueFactory = _ => 500 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "of keys and values", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _client = new("--client") { Description = "raw: the generator's own client; grpc-dotnet: Grpc.Net.Client", DefaultValueFactory = _ => "raw" };
    private readonly Option<int> _logins = new("--logins") { Description = "clients of password-logins that reconnect over and over", DefaultValueFactory = _ => 1000 };
    private readonly Option<double> _loginPause = new("--login-pause") { Description = "seconds that each of them stays away after a login", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> _workloads = new("--workload") { Description = "workloads to run; if not given all but password-logins", AllowMultipleArgumentsPerToken = true };

    public LoadOptions()
    {
        _client.AcceptOnlyFromAmong("raw", "grpc-dotnet");
        _workloads.AcceptOnlyFromAmong([.. Workloads.Names]);
    }

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _workloads, _connections, _clients, _warmup, _duration, _total, _keys, _keySize, _valueSize, _readShare,
            _watchers, _watchStreams, _rate, _seed, _client, _logins, _loginPause,
        ];
        Array.ForEach(all, command.Options.Add);
    }

    public IReadOnlyList<string> Chosen(ParseResult parsed) =>
        parsed.GetValue(_workloads) is { Length: > 0 } chosen ? chosen : Workloads.Usual;

    public LoadSettings Settings(ParseResult parsed)
    {
        var clients = parsed.GetValue(_clients);
        var settings = new LoadSettings(
            // A connection without a client would only cost.
            Math.Min(parsed.GetValue(_connections), Math.Max(clients, 2)),
            clients,
            TimeSpan.FromSeconds(parsed.GetValue(_warmup)),
            TimeSpan.FromSeconds(parsed.GetValue(_duration)),
            parsed.GetValue(_total),
            parsed.GetValue(_keys),
            parsed.GetValue(_keySize),
            parsed.GetValue(_valueSize),
            parsed.GetValue(_readShare),
            parsed.GetValue(_watchers),
            parsed.GetValue(_watchStreams),
            parsed.GetValue(_rate),
            parsed.GetValue(_seed),
            parsed.GetValue(_client) == "raw" ? ClientKind.Raw : ClientKind.GrpcDotNet)
        {
            LoginClients = parsed.GetValue(_logins),
            LoginPause = TimeSpan.FromSeconds(parsed.GetValue(_loginPause)),
        };
        Validate(settings);
        return settings;
    }

    private static void Validate(LoadSettings settings)
    {
        Require(settings.Connections > 0 && settings.Clients > 0, "--connections and --clients must be above 0");
        Require(settings.Duration > TimeSpan.Zero || settings.Total > 0, "--duration must be above 0");
        Require(settings.KeyCount >= Workloads.RangeSpan, $"--keys must be at least {Workloads.RangeSpan}");
        Require(settings.KeyCount % LoadKeysOperation.KeysPerTxn == 0, $"--keys must be a multiple of {LoadKeysOperation.KeysPerTxn}");
        Require(settings.KeySize >= KeySpace.MinKeySize, $"--key-size must be at least {KeySpace.MinKeySize}");
        Require(settings.ValueSize >= ValuePool.MinValueSize, $"--value-size must be at least {ValuePool.MinValueSize}");
        Require(settings.Watchers > 0 && settings.WatchStreams > 0, "--watchers and --watch-streams must be above 0");
        Require(settings.LoginClients > 0, "--logins must be above 0");
        Require(settings.LoginPause >= TimeSpan.Zero, "--login-pause must not be negative");
        Require(settings.ReadShareIsValid, "--read-share must lie between 0 and 1");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new BenchmarkException(message);
        }
    }
}
