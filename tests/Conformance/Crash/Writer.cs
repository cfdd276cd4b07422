using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Crash;

/// <summary>
/// One connection that writes values used once each, to keys of its own, until told to stop. It knows which writes were
/// acknowledged and which have an unknown outcome. Every fourth write is a transaction over two keys.
/// </summary>
internal sealed class Writer : IDisposable
{
    private const int KeysPerWriter = 8;

    private readonly GrpcChannel _channel;
    private readonly KV.KVClient _kv;
    private readonly int _id;
    private long _sequence;

    public Writer(EtcdTarget target, int id)
    {
        _channel = target.NewChannel();
        _kv = new KV.KVClient(_channel);
        _id = id;
    }

    public List<AcknowledgedWrite> Acknowledged { get; } = [];

    /// <summary>Values sent whose outcome is unknown.</summary>
    public HashSet<string> Unknown { get; } = [];

    /// <summary>Writes until the token fires or the server is gone; revisions of acknowledgements must rise.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var last = 0L;
        while (!stop.IsCancellationRequested)
        {
            var sequence = ++_sequence;
            var value = $"{_id}.{sequence}";
            string[] keys = sequence % 4 == 0 ? [Key(sequence), Key(sequence + 1)] : [Key(sequence)];
            Unknown.Add(value);
            long revision;
            try
            {
                revision = await WriteAsync(keys, value);
            }
            catch (RpcException)
            {
                return;
            }

            Unknown.Remove(value);
            Assert.True(revision > last, $"writer {_id}: revision {revision} after {last}");
            last = revision;
            foreach (var key in keys)
            {
                Acknowledged.Add(new AcknowledgedWrite(key, value, revision));
            }
        }
    }

    public void Dispose() => _channel.Dispose();

    private string Key(long sequence) => $"crash/{_id}/{sequence % KeysPerWriter}";

    private async Task<long> WriteAsync(string[] keys, string value)
    {
        var deadline = DateTime.UtcNow.AddSeconds(10);
        if (keys.Length == 1)
        {
            return (await _kv.PutAsync(Requests.Put(keys[0], value), deadline: deadline)).Header.Revision;
        }

        var txn = Requests.Do([.. keys.Select(k => Requests.Op(Requests.Put(k, value)))]);
        return (await _kv.TxnAsync(txn, deadline: deadline)).Header.Revision;
    }
}
