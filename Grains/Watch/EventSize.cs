using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>What events weigh against the bounds of buffers.</summary>
internal static class EventSize
{
    /// <summary>Objects around an event's bytes, estimated.</summary>
    private const int OverheadBytes = 200;

    public static int Of(WatchEvent watchEvent)
    {
        int bytes = OverheadBytes + watchEvent.Kv.Key.Length + watchEvent.Kv.Value.Length;
        return watchEvent.PrevKv is { } previous ? bytes + previous.Value.Length : bytes;
    }

    public static long Of(IReadOnlyList<WatchEvent> events)
    {
        long bytes = 0;
        for (int i = 0; i < events.Count; i++)
        {
            bytes += Of(events[i]);
        }

        return bytes;
    }
}
