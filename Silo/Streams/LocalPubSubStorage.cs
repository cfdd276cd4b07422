using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Storage;

namespace Krewe.Silo.Streams;

/// <summary>
/// Subscriptions of this silo's stream, in its memory: they end with the silo as the stream does, so there is nothing to store and no
/// other silo to ask. See <see cref="LocalPubSubPlacement"/>.
/// </summary>
internal sealed class LocalPubSubStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string StateName, GrainId GrainId), object> _states = new();
    private long _version;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.RecordExists = _states.TryGetValue((stateName, grainId), out object? state);
        grainState.State = grainState.RecordExists ? (T)state! : Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states[(stateName, grainId)] = grainState.State!;
        grainState.RecordExists = true;
        grainState.ETag = Interlocked.Increment(ref _version).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove((stateName, grainId), out _);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }
}
