using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>The workloads by name.</summary>
internal static class Workloads
{
    public const string Watch = "watch";
    public const string LeaseKeepAlive = "lease-keepalive";
    public const string PasswordLogins = "password-logins";
    public const int RangeSpan = 1000;

    /// <summary>Those that are run when none is named.</summary>
    public static readonly IReadOnlyList<string> Usual =
        ["put", "get", "get-serializable", "range-1000", "txn", "txn-mixed", "mixed", Watch, LeaseKeepAlive];

    public static readonly IReadOnlyList<string> Names = [.. Usual, PasswordLogins];

    /// <summary>The requests of a unary workload. Not shared between threads: its requests are built in place.</summary>
    public static OperationMix CreateMix(string name, LoadSettings settings, KeySpace keys, ValuePool values) => name switch
    {
        "put" => new OperationMix(new PutOperation(keys, values)),
        "get" => new OperationMix(new RangeOperation(keys, values, 1, serializable: false)),
        "get-serializable" => new OperationMix(new RangeOperation(keys, values, 1, serializable: true)),
        "range-1000" => new OperationMix(new RangeOperation(keys, values, RangeSpan, serializable: false)),
        "txn" => new OperationMix(new TxnOperation(keys, values, readsToo: false)),
        "txn-mixed" => new OperationMix(new TxnOperation(keys, values, readsToo: true)),
        "mixed" => new OperationMix(
            new RangeOperation(keys, values, 1, serializable: false), new PutOperation(keys, values), settings.MixedReadShare),
        _ => throw new BenchmarkException($"no unary workload is called {name}"),
    };
}
