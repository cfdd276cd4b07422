namespace Krewe.Simulation.Model;

/// <summary>One operation on one register, with its interval in the total order of events.</summary>
internal sealed class RegisterOperation : IOperation
{
    public const long Never = long.MaxValue;

    public required RegisterKind Kind { get; init; }

    public required int Key { get; init; }

    public int Client { get; init; }

    public ulong Value { get; init; }

    public ulong Expected { get; init; }

    public long InvokedAt { get; set; } = Never;

    /// <summary><see cref="Never"/> while the outcome is unknown.</summary>
    public long CompletedAt { get; set; } = Never;

    /// <summary>Get: the value; compare-and-swap: 1 or 0.</summary>
    public ulong Result { get; set; }

    public bool HasFailed { get; private set; }

    public bool WasInvoked => InvokedAt != Never;

    public bool IsComplete => CompletedAt != Never;

    public byte[]? Command => Kind == RegisterKind.Get ? null : RegisterStateMachine.Encode(Kind, Key, Value, Expected);

    public object? Read(IStateMachine state) => ((RegisterStateMachine)state).Value(Key);

    public void Invoked(long step) => InvokedAt = step;

    public void Completed(long step, object? result)
    {
        CompletedAt = step;
        Result = (ulong)result!;
    }

    public void Failed() => HasFailed = true;

    public override string ToString()
    {
        string what = Kind switch
        {
            RegisterKind.Put => $"put {Value}",
            RegisterKind.Get => IsComplete ? $"get -> {Result}" : "get",
            _ => IsComplete ? $"cas {Expected} {Value} -> {Result}" : $"cas {Expected} {Value}",
        };
        return $"client {Client} [{InvokedAt}, {(IsComplete ? CompletedAt : "?")}] key {Key} {what}";
    }
}
