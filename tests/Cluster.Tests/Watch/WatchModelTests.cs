using System.Collections.Concurrent;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;

namespace Krewe.Cluster.Tests.Watch;

/// <summary>
/// Random histories with concurrent writing, reading at random speed, compaction, jumps of the state and cancellation, checked against
/// what a naive watcher over the whole history would see.
/// </summary>
public sealed class WatchModelTests
{
    private const int Revisions = 400;
    private static readonly string[] Keys = ["a", "a1", "b", "b1", "c", "d"];

    [Fact]
    public async Task Every_watcher_sees_what_a_naive_one_would()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            await RunAsync(seed);
        }
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var options = new WatchHubOptions
        {
            MaxBufferedBatches = random.Next(1, 8),
            CatchUpRevisions = random.Next(1, 20),
            CatchUpScan = random.Next(1, 50),
            MaxBufferedBytes = random.Next(200, 20_000),
        };
        await using var rig = new WatchRig(options, new RevisionLogOptions { MaxRevisions = 1 << random.Next(0, 8) });
        bool compacts = random.Next(3) == 0;
        var watched = new ConcurrentDictionary<(int Stream, long Id), Observed>();
        IWatchStream[] streams = [.. Enumerable.Range(0, 4).Select(_ => rig.Hub.OpenStream())];
        Task[] readers = [.. streams.Select((stream, number) => Task.Run(() => ReadAsync(stream, number, new Random(seed + number), watched)))];
        for (int i = 0; i < Revisions; i++)
        {
            Mutate(rig, random);
            if (random.Next(8) == 0)
            {
                Create(rig, streams, random, watched);
            }

            if (random.Next(30) == 0)
            {
                Cancel(streams, random, watched);
            }

            if (compacts && random.Next(40) == 0)
            {
                rig.History.Compact(random.NextInt64(rig.History.CompactRevision, rig.History.CurrentRevision) + 1);
            }

            if (random.Next(10) == 0)
            {
                await Task.Yield();
            }
        }

        await Fakes.Eventually.TrueAsync(() => watched.Values.All(observed => observed.IsComplete(rig.History)), $"seed {seed}: all is delivered");
        foreach (IWatchStream stream in streams)
        {
            await stream.DisposeAsync();
        }

        await Task.WhenAll(readers);
        foreach (Observed observed in watched.Values)
        {
            observed.Check(rig.History, seed);
        }
    }

    private static void Mutate(WatchRig rig, Random random)
    {
        string[] keys = [.. Keys.OrderBy(_ => random.Next()).Take(random.Next(1, 4))];
        Func<long, WatchEvent>[] events =
            [.. keys.Select(key => random.Next(4) == 0 ? (Func<long, WatchEvent>)(number => WatchRig.Delete(key, number)) : number => WatchRig.Put(key, number))];
        if (random.Next(25) == 0)
        {
            // A snapshot: the state jumps, the log starts anew.
            rig.Store(events);
            rig.Log.Reset(rig.History.CurrentRevision);
        }
        else
        {
            rig.Apply(events);
        }
    }

    private static void Create(WatchRig rig, IWatchStream[] streams, Random random, ConcurrentDictionary<(int Stream, long Id), Observed> watched)
    {
        int stream = random.Next(streams.Length);
        long id = watched.Count;
        string end = random.Next(3) switch
        {
            0 => "",
            1 => "\0",
            _ => "z",
        };
        long start = random.Next(3) switch
        {
            0 => 0,
            1 => random.NextInt64(1, rig.History.CurrentRevision + 1),
            _ => rig.History.CurrentRevision + random.Next(1, 30),
        };
        WatchRequest request = WatchRig.Watch(id, Keys[random.Next(Keys.Length)], end, start, (WatchFilters)random.Next(3));
        watched[(stream, id)] = new Observed(request, start == 0 ? rig.History.CurrentRevision + 1 : start);
        streams[stream].Create(request);
    }

    private static void Cancel(IWatchStream[] streams, Random random, ConcurrentDictionary<(int Stream, long Id), Observed> watched)
    {
        if (!watched.IsEmpty)
        {
            (int stream, long id) = watched.Keys.ElementAt(random.Next(watched.Count));
            streams[stream].Cancel(id);
        }
    }

    private static async Task ReadAsync(IWatchStream stream, int number, Random random, ConcurrentDictionary<(int Stream, long Id), Observed> watched)
    {
        while (await stream.WaitToReadAsync(CancellationToken.None))
        {
            while (stream.TryRead(out WatchBatch batch))
            {
                watched[(number, batch.WatchId)].Add(batch);
                if (random.Next(6) == 0)
                {
                    await Task.Yield();
                }
            }

            if (random.Next(20) == 0)
            {
                await Task.Delay(1);
            }
        }
    }
}
