using Krewe.Lab.Histories;

namespace Krewe.Lab.Checkers;

/// <summary>A correct history passes; each planted violation is found.</summary>
public sealed class LinearizabilityCheckerTests
{
    // k: put a at 2, swapped to b at 3, deleted at 4, put c at 5.
    private static readonly LogEvent[] Log =
    [
        new(2, "k", new KeyState("a", 2, 2, 1)),
        new(3, "k", new KeyState("b", 2, 3, 2)),
        new(4, "k", null),
        new(5, "k", new KeyState("c", 5, 5, 1)),
    ];

    private static readonly Operation PutA = Put("a", 2, 10, 11);
    private static readonly Operation SwapB = new()
    {
        Kind = OperationKind.CompareAndSwap,
        Key = "k",
        Value = "b",
        ExpectedModRevision = 2,
        InvokedAt = 20,
        ReturnedAt = 21,
        Acknowledged = true,
        Revision = 3,
        Swapped = true,
    };

    private static readonly Operation Delete = new()
    {
        Kind = OperationKind.Delete,
        Key = "k",
        InvokedAt = 30,
        ReturnedAt = 31,
        Acknowledged = true,
        Revision = 4,
        Deleted = 1,
    };

    private static readonly Operation PutC = Put("c", 5, 40, 41);
    private static readonly Operation[] Writes = [PutA, SwapB, Delete, PutC];

    [Fact]
    public void A_correct_history_passes() => Assert.Empty(Check(
        Log,
        [
            .. Writes,
            Read(2, 12, 13, new KeyState("a", 2, 2, 1)),
            Read(3, 19, 29, new KeyState("b", 2, 3, 2)),
            Read(4, 32, 33, null),
            Read(2, 50, 51, new KeyState("a", 2, 2, 1)) with { Kind = OperationKind.SerializableRead },
            SwapB with { Value = "x", InvokedAt = 42, ReturnedAt = 43, Revision = 5, Swapped = false, Observed = new KeyState("c", 5, 5, 1) },
            Delete with { Revision = 4, Deleted = 0, InvokedAt = 32, ReturnedAt = 33 },
            // It never happened.
            Put("lost", 0, 34, 0) with { Acknowledged = false },
        ]));

    [Fact]
    public void Ambiguous_writes_may_have_happened() => Assert.Empty(Check(
        Log, [PutA, SwapB with { Acknowledged = false, Swapped = false, Revision = 0 }, Delete with { Acknowledged = false, Deleted = 0, Revision = 0 }, PutC]));

    [Fact]
    public void A_lost_acknowledged_put_is_found() => Finds("acknowledged write is lost", Log, [.. Writes, Put("d", 6, 50, 51)]);

    [Fact]
    public void A_lost_acknowledged_delete_is_found() => Finds("acknowledged write is lost", Log, [.. Writes, Delete with { Revision = 5, InvokedAt = 38, ReturnedAt = 45 }]);

    [Fact]
    public void A_stale_read_is_found() => Finds("stale", Log, [.. Writes, Read(2, 22, 23, new KeyState("a", 2, 2, 1))]);

    [Fact]
    public void A_read_that_goes_back_behind_another_read_is_found() => Finds(
        "stale", Log, [.. Writes, Read(3, 20, 24, new KeyState("b", 2, 3, 2)), Read(2, 25, 26, new KeyState("a", 2, 2, 1))]);

    [Fact]
    public void A_read_of_another_value_is_found() => Finds("saw", Log, [.. Writes, Read(5, 50, 51, new KeyState("b", 5, 5, 1))]);

    [Fact]
    public void A_serializable_read_of_what_its_revision_does_not_have_is_found() => Finds(
        "saw", Log, [.. Writes, Read(4, 50, 51, new KeyState("b", 2, 3, 2)) with { Kind = OperationKind.SerializableRead }]);

    [Fact]
    public void A_read_of_a_write_that_was_not_asked_for_yet_is_found() => Finds(
        "not after", Log, [.. Writes, Read(5, 32, 33, new KeyState("c", 5, 5, 1)) with { Kind = OperationKind.SerializableRead }]);

    [Fact]
    public void Writes_in_the_wrong_order_are_found() => Finds("not after", Log, [PutA with { InvokedAt = 60, ReturnedAt = 61 }, SwapB, Delete, PutC]);

    [Fact]
    public void A_swap_of_another_revision_is_found() => Finds("another revision was current", Log, [PutA, SwapB with { ExpectedModRevision = 1 }, Delete, PutC]);

    [Fact]
    public void A_swap_that_was_refused_wrongly_is_found() => Finds(
        "did not swap",
        Log,
        [.. Writes, SwapB with { Value = "x", ExpectedModRevision = 5, InvokedAt = 50, ReturnedAt = 51, Revision = 5, Swapped = false, Observed = new KeyState("c", 5, 5, 1) }]);

    [Fact]
    public void A_refused_swap_that_happened_is_found() => Finds("answered as not done", Log, [PutA, SwapB with { Swapped = false, Observed = new KeyState("b", 2, 3, 2) }, Delete, PutC]);

    [Fact]
    public void A_write_that_happened_twice_is_found() => Finds(
        "written at 2 and at 3", [Log[0], new LogEvent(3, "k", new KeyState("a", 2, 3, 2))], [PutA with { Acknowledged = false }]);

    [Fact]
    public void A_write_of_nobody_is_found() => Finds("nobody wrote", Log, [PutA, SwapB, Delete]);

    [Fact]
    public void A_delete_of_nobody_is_found() => Finds("only 0 deletes", Log, [PutA, SwapB, PutC]);

    [Fact]
    public void An_ambiguous_delete_that_was_asked_for_too_late_is_found() => Finds(
        "only 0 deletes", Log, [PutA, SwapB, PutC, Delete with { Acknowledged = false, Deleted = 0, Revision = 0, InvokedAt = 50 }]);

    [Fact]
    public void Two_deletes_that_claim_one_revision_are_found() => Finds("claim revision 4", Log, [.. Writes, Delete with { ReturnedAt = 32 }]);

    [Fact]
    public void Half_a_transaction_is_found()
    {
        var pair = PutA with { Kind = OperationKind.PutPair, OtherKey = "l" };
        Finds("only k of a transaction", [Log[0]], [pair with { Acknowledged = false }]);
        Finds("acknowledged write is lost", [Log[0]], [pair]);
    }

    [Fact]
    public void A_hole_in_the_revisions_is_found() => Finds("where 3 is due", [Log[0], new LogEvent(4, "k", null)], [PutA, Delete]);

    [Fact]
    public void Wrong_metadata_is_found() => Finds("due is", [Log[0] with { State = new KeyState("a", 2, 2, 7) }], [PutA]);

    private static Operation Put(string value, long revision, long invokedAt, long returnedAt) => new()
    {
        Kind = OperationKind.Put,
        Key = "k",
        Value = value,
        InvokedAt = invokedAt,
        ReturnedAt = returnedAt,
        Acknowledged = true,
        Revision = revision,
    };

    private static Operation Read(long revision, long invokedAt, long returnedAt, KeyState? observed) => new()
    {
        Kind = OperationKind.Read,
        Key = "k",
        InvokedAt = invokedAt,
        ReturnedAt = returnedAt,
        Acknowledged = true,
        Revision = revision,
        Observed = observed,
    };

    private static IReadOnlyList<string> Check(LogEvent[] log, Operation[] history) => LinearizabilityChecker.Check(new RevisionLog(log), history);

    private static void Finds(string violation, LogEvent[] log, Operation[] history) =>
        Assert.Contains(Check(log, history), v => v.Contains(violation, StringComparison.Ordinal));
}
