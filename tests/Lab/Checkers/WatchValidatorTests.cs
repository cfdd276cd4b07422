using Krewe.Lab.Histories;

namespace Krewe.Lab.Checkers;

/// <summary>A correct watch passes; each planted violation is found (behaviours 138-141).</summary>
public sealed class WatchValidatorTests
{
    // Revision 3 changes two keys.
    private static readonly LogEvent A2 = new(2, "a", new KeyState("1", 2, 2, 1));
    private static readonly LogEvent A3 = new(3, "a", new KeyState("2", 2, 3, 2));
    private static readonly LogEvent B3 = new(3, "b", new KeyState("2", 3, 3, 1));
    private static readonly LogEvent A4 = new(4, "a", null);
    private static readonly RevisionLog Log = new([A2, A3, B3, A4]);

    [Fact]
    public void A_watch_that_resumes_passes() => Assert.Empty(Check(
        Batch(1, 2, A2), Bookmark(1, 2), Batch(2, 4, A3, B3, A4), Bookmark(2, 4)));

    [Fact]
    public void An_event_out_of_order_is_found()
    {
        Finds("not ordered", Batch(1, 4, A2, A4, A3, B3));
        Finds("not ordered", Batch(1, 4, A3, B3, A4), Batch(1, 4, A2));
    }

    [Fact]
    public void An_event_that_comes_twice_is_found()
    {
        Finds("not unique", Batch(1, 2, A2, A2), Batch(1, 4, A3, B3, A4));
        Finds("not unique", Batch(1, 3, A2, A3, B3), Batch(2, 4, A3, B3, A4));
    }

    [Fact]
    public void A_revision_in_two_responses_is_found() => Finds("atomic", Batch(1, 3, A2, A3), Batch(1, 4, B3, A4));

    [Fact]
    public void A_missing_event_is_found()
    {
        Finds("not reliable", Batch(1, 4, A2, A3, A4));
        Finds("not reliable", Batch(1, 2, A2), Batch(2, 4, A4));
        Finds("not reliable", Batch(1, 3, A2, A3, B3));
    }

    [Fact]
    public void A_bookmark_before_its_events_is_found() => Finds("although 3 was complete", Batch(1, 2, A2), Bookmark(1, 3), Batch(1, 4, A3, B3, A4));

    [Fact]
    public void A_bookmark_that_hides_a_loss_is_found() => Assert.Contains(
        WatchValidator.Check(Log, new WatchRecord("", 2, [Batch(1, 2, A2), Bookmark(1, 4)]), 2), v => v.Contains("not reliable", StringComparison.Ordinal));

    [Fact]
    public void A_response_older_than_its_events_is_found() => Finds("in a response of revision 3", Batch(1, 3, A2, A3, B3, A4));

    [Fact]
    public void A_wrong_value_is_found() => Finds("is not", Batch(1, 4, A2 with { State = new KeyState("9", 2, 2, 1) }, A3, B3, A4));

    [Fact]
    public void A_wrong_previous_value_is_found() => Finds(
        "is not", new WatchBatch(1, 4, false, [new(A2, "7"), Changed(A3), Changed(B3), Changed(A4)]));

    [Fact]
    public void An_event_that_never_happened_is_found() => Finds("nothing like that", Batch(1, 5, A2, A3, B3, A4, new LogEvent(5, "a", null)));

    [Fact]
    public void Only_what_is_watched_is_due()
    {
        Assert.Empty(WatchValidator.Check(Log, new WatchRecord("b", 2, [Batch(1, 3, B3)]), 4));
        Assert.Empty(WatchValidator.Check(Log, new WatchRecord("", 4, [Batch(1, 4, A4)]), 4));
    }

    private static WatchedChange Changed(LogEvent change) => new(change, Log.At(change.Key, change.Revision - 1)?.Value);

    private static WatchBatch Batch(int session, long header, params LogEvent[] changes) => new(session, header, false, [.. changes.Select(Changed)]);

    private static WatchBatch Bookmark(int session, long header) => new(session, header, true, []);

    private static IReadOnlyList<string> Check(params WatchBatch[] batches) => WatchValidator.Check(Log, new WatchRecord("", 2, batches), 4);

    private static void Finds(string violation, params WatchBatch[] batches) =>
        Assert.Contains(Check(batches), v => v.Contains(violation, StringComparison.Ordinal));
}
