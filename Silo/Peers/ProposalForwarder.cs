using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Peers;

/// <summary>
/// Proposes modules' commands from any member. The leader's own go into its log; those of the others travel over the peer connections,
/// so that this works before any silo is up. The answer is the entry's place in the log; its result is what applying it said here.
/// </summary>
/// <remarks>
/// Request: correlation (8 bytes, little endian), command kind (1 byte), payload. Response: correlation, status (1 byte: 1 appended,
/// 0 certainly not), index, term. A lost answer is ambiguous and is not tried again.
/// </remarks>
/// <param name="node">This member's log.</param>
/// <param name="append">Appends a command as the leader of a term; throws <see cref="NotOwnerException"/> or <see cref="EtcdException"/> if it certainly did not.</param>
/// <param name="transport">Reaches the leader.</param>
/// <param name="limits">Bounds.</param>
/// <param name="requestTimeout">How long an appended entry is waited for (behaviour 350).</param>
/// <param name="time">The clock.</param>
internal sealed class ProposalForwarder(
    RaftNode node,
    Func<ulong, CommandKind, ReadOnlyMemory<byte>, AppendedEntry> append,
    PeerTransport transport,
    PeerLimits limits,
    TimeSpan requestTimeout,
    TimeProvider time) : ICommandProposer
{
    private const int RequestHeadBytes = 9;
    private const int ResponseBytes = 25;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<ForwardAnswer>> _open = new();
    private ulong _correlation = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Forwarded proposals that wait for the leader's answer.</summary>
    public int Open => _open.Count;

    public async ValueTask<object?> ProposeAsync(CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        while (true)
        {
            var change = node.WaitForChangeAsync(cancellationToken);
            var (wasAsked, answer) = await AppendAsync(kind, payload, cancellationToken).ConfigureAwait(false);
            if (answer.IsAppended)
            {
                var outcome = await OutcomeAsync(answer, cancellationToken).ConfigureAwait(false);
                if (outcome.Status == EntryStatus.Applied)
                {
                    return outcome.ModuleResult;
                }
            }

            // It certainly had no effect: try again, with whoever leads then.
            await (wasAsked ? Task.Delay(RetryDelay, time, cancellationToken) : change).ConfigureAwait(false);
        }
    }

    public async ValueTask ReadBarrierAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var change = node.WaitForChangeAsync(cancellationToken);
            try
            {
                await node.ReadBarrierAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (EtcdException e) when (e.Error is EtcdError.Timeout or EtcdError.LeaderChanged or EtcdError.NoLeader)
            {
                await change.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes a request or an answer of another member.</summary>
    public void Receive(ulong from, PeerFrameKind kind, ReadOnlyMemory<byte> payload)
    {
        if (kind == PeerFrameKind.ForwardRequest && payload.Length >= RequestHeadBytes)
        {
            Answer(from, payload);
        }
        else if (kind == PeerFrameKind.ForwardResponse && payload.Length == ResponseBytes)
        {
            var bytes = payload.Span;
            if (_open.TryRemove(BinaryPrimitives.ReadUInt64LittleEndian(bytes), out var waiting))
            {
                waiting.TrySetResult(new ForwardAnswer(
                    bytes[8] == 1, BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[17..])));
            }
        }
    }

    private async ValueTask<(bool WasAsked, ForwardAnswer Answer)> AppendAsync(
        CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (node.IsReadyLeader)
        {
            return (true, AppendHere(kind, payload));
        }

        var leader = node.LeaderId;
        return leader == 0 || leader == node.MemberId
            ? default
            : (true, await ForwardAsync(leader, kind, payload, cancellationToken).ConfigureAwait(false));
    }

    private ForwardAnswer AppendHere(CommandKind kind, ReadOnlyMemory<byte> payload)
    {
        try
        {
            var entry = append(node.Term, kind, payload);
            return new ForwardAnswer(true, entry.Index, entry.Term);
        }
        catch (NotOwnerException)
        {
            return default;
        }
    }

    private async Task<ForwardAnswer> ForwardAsync(ulong leader, CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (_open.Count >= limits.MaxForwarded)
        {
            throw new EtcdException(EtcdError.TooManyRequests);
        }

        var correlation = Interlocked.Increment(ref _correlation);
        var waiting = new TaskCompletionSource<ForwardAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[correlation] = waiting;
        try
        {
            var request = new byte[RequestHeadBytes + payload.Length];
            BinaryPrimitives.WriteUInt64LittleEndian(request, correlation);
            request[8] = (byte)kind;
            payload.Span.CopyTo(request.AsSpan(RequestHeadBytes));
            return transport.Send(leader, PeerFrameKind.ForwardRequest, request)
                ? await waiting.Task.WaitAsync(limits.ForwardTimeout, time, cancellationToken).ConfigureAwait(false)
                : default;
        }
        catch (TimeoutException)
        {
            throw new EtcdException(EtcdError.TimeoutDueToConnectionLost);
        }
        finally
        {
            _open.TryRemove(correlation, out _);
        }
    }

    private async Task<EntryOutcome> OutcomeAsync(ForwardAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await node.WaitForOutcomeAsync(answer.Index, answer.Term)
                .WaitAsync(requestTimeout, time, cancellationToken).ConfigureAwait(false);
            return outcome.Status != EntryStatus.Unknown ? outcome : throw new EtcdException(EtcdError.Timeout);
        }
        catch (TimeoutException)
        {
            throw new EtcdException(EtcdError.Timeout);
        }
    }

    private void Answer(ulong from, ReadOnlyMemory<byte> request)
    {
        ForwardAnswer answer = default;
        try
        {
            if (node.IsReadyLeader)
            {
                answer = AppendHere((CommandKind)request.Span[8], request[RequestHeadBytes..]);
            }
        }
        catch (EtcdException e) when (e.Error == EtcdError.Stopped)
        {
            // It may have failed with the command in the log already: the member that asked must not hear that it had no effect.
            return;
        }
        catch (EtcdException)
        {
            // Refused, so it is not in the log: the member asks again.
        }

        var response = new byte[ResponseBytes];
        request.Span[..8].CopyTo(response);
        response[8] = answer.IsAppended ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(response.AsSpan(9), answer.Index);
        BinaryPrimitives.WriteUInt64LittleEndian(response.AsSpan(17), answer.Term);
        transport.Send(from, PeerFrameKind.ForwardResponse, response);
    }
}
