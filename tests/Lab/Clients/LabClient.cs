using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;
using Krewe.Lab.Engine;
using Krewe.Lab.Histories;

namespace Krewe.Lab.Clients;

/// <summary>One client with one request in flight at a time; records all that it does. It changes to another member after an error.</summary>
/// <param name="generation">Of its keys and values: each window of a long run has its own.</param>
internal sealed class LabClient(int number, int seed, Func<IReadOnlyList<LabMember>> members, int generation = 0)
{
    private const string Root = "/lab/";
    private const int KeyCount = 6;

    // So that a history of an hour stays in memory and a small machine is not all load generator.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(1);

    private readonly Random _random = new(seed);
    private readonly List<Operation> _history = [];
    private readonly Dictionary<string, long> _modRevisions = [];
    private LabMember? _member;
    private GrpcChannel? _channel;
    private KV.KVClient? _kv;
    private int _turn = Math.Abs(seed);
    private int _written;

    public IReadOnlyList<Operation> History => _history;

    /// <summary>What all keys of a generation begin with.</summary>
    public static string Prefix(int generation) => string.Create(CultureInfo.InvariantCulture, $"{Root}{generation}/");

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            Connect();
            var operation = Choose();
            try
            {
                _history.Add(await SendAsync(operation));
            }
            catch (RpcException)
            {
                // What failed may have happened, but a read that failed tells nothing.
                if (!operation.IsRead)
                {
                    _history.Add(operation);
                }

                Disconnect();
            }

            await Task.Delay(Pause, CancellationToken.None);
        }

        Disconnect();
    }

    private void Connect()
    {
        if (_member is null || !members().Contains(_member))
        {
            Disconnect();
            var all = members();
            _member = all[_turn++ % all.Count];
            _channel = _member.NewChannel();
            _kv = new KV.KVClient(_channel);
        }
    }

    private void Disconnect()
    {
        _channel?.Dispose();
        _member = null;
    }

    private Operation Choose()
    {
        var kind = _random.Next(100) switch
        {
            < 30 => OperationKind.Put,
            < 40 => OperationKind.PutPair,
            < 60 => OperationKind.CompareAndSwap,
            < 70 => OperationKind.Delete,
            < 90 => OperationKind.Read,
            _ => OperationKind.SerializableRead,
        };
        var first = _random.Next(KeyCount);
        var key = Key(first);
        return new Operation
        {
            Kind = kind,
            Key = key,
            OtherKey = kind == OperationKind.PutPair ? Key((first + 1 + _random.Next(KeyCount - 1)) % KeyCount) : null,
            Value = kind is OperationKind.Put or OperationKind.PutPair or OperationKind.CompareAndSwap
                ? string.Create(CultureInfo.InvariantCulture, $"{generation}.{number}.{_written++}")
                : null,
            ExpectedModRevision = _modRevisions.GetValueOrDefault(key),
            InvokedAt = Stopwatch.GetTimestamp(),
        };
    }

    private async Task<Operation> SendAsync(Operation operation)
    {
        var deadline = DateTime.UtcNow + CallLimit;
        switch (operation.Kind)
        {
            case OperationKind.Put:
                var put = await _kv!.PutAsync(Requests.Put(operation.Key, operation.Value!), deadline: deadline);
                return Answered(operation, put.Header);
            case OperationKind.PutPair:
                var pair = await _kv!.TxnAsync(Requests.PutPair(operation), deadline: deadline);
                return Answered(operation, pair.Header);
            case OperationKind.CompareAndSwap:
                var txn = await _kv!.TxnAsync(Requests.CompareAndSwap(operation), deadline: deadline);
                var state = txn.Succeeded ? null : Requests.State(txn.Responses[0].ResponseRange);
                _modRevisions[operation.Key] = txn.Succeeded ? txn.Header.Revision : state?.ModRevision ?? 0;
                return Answered(operation, txn.Header) with { Swapped = txn.Succeeded, Observed = state };
            case OperationKind.Delete:
                var delete = await _kv!.DeleteRangeAsync(new DeleteRangeRequest { Key = ByteString.CopyFromUtf8(operation.Key) }, deadline: deadline);
                return Answered(operation, delete.Header) with { Deleted = delete.Deleted };
            default:
                var request = Requests.Read(operation.Key, operation.Kind == OperationKind.SerializableRead);
                var read = await _kv!.RangeAsync(request, deadline: deadline);
                var observed = Requests.State(read);
                _modRevisions[operation.Key] = observed?.ModRevision ?? 0;
                return Answered(operation, read.Header) with { Observed = observed };
        }
    }

    private static Operation Answered(Operation operation, ResponseHeader header) =>
        operation with { Acknowledged = true, ReturnedAt = Stopwatch.GetTimestamp(), Revision = header.Revision };

    private string Key(int key) => string.Create(CultureInfo.InvariantCulture, $"{Prefix(generation)}{key}");
}
