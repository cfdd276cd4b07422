using System.Collections.Concurrent;
using Krewe.Grains.Cluster.Codec;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>
/// The replicated grain directory of one member: changed by the apply thread only, read by any thread without locks. Entries are
/// immutable; a reader sees each grain before or after a change, never between.
/// </summary>
public sealed class DirectoryTable
{
    private readonly Lock _changes = new();
    private readonly List<IDirectoryListener> _listeners = [];
    private ConcurrentDictionary<GrainKey, DirectoryEntry> _entries = new();
    private volatile PrefixOwners _owners = PrefixOwners.Create([]);

    public int Count => Volatile.Read(ref _entries).Count;

    /// <summary>The registration of a grain; null if it has none.</summary>
    public DirectoryEntry? Find(in GrainKey grain) => Volatile.Read(ref _entries).GetValueOrDefault(grain);

    /// <summary>The registration of a prefix's grain as of applied state; null if it has none.</summary>
    public DirectoryEntry? FindPrefixOwner(ReadOnlySpan<byte> prefix) => _owners.Find(prefix);

    /// <summary>Whether the directory, as applied, names the activation as the owner of the prefix. Lock-free, and cheap enough for each write.</summary>
    public bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId) => _owners.Find(prefix)?.ActivationId == activationId;

    /// <summary>Whether a silo has a registration.</summary>
    public bool HasEntriesOn(string silo)
    {
        foreach (KeyValuePair<GrainKey, DirectoryEntry> pair in Volatile.Read(ref _entries))
        {
            if (pair.Value.Silo == silo)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds a listener, which first gets all that is there; none of the changes after that escapes it.</summary>
    public void Subscribe(IDirectoryListener listener)
    {
        lock (_changes)
        {
            listener.Reset([.. _entries.Values]);
            _listeners.Add(listener);
        }
    }

    /// <summary>Ends a subscription: a silo that is given up must not be kept by the table.</summary>
    public void Unsubscribe(IDirectoryListener listener)
    {
        lock (_changes)
        {
            _listeners.Remove(listener);
        }
    }

    internal void Load(IKeyspaceStore store)
    {
        var entries = new ConcurrentDictionary<GrainKey, DirectoryEntry>();
        using IStoreIterator iterator = store.Iterate(StoreTable.Directory, [], []);
        while (iterator.MoveNext())
        {
            var reader = new FieldReader(iterator.Value);
            DirectoryEntry entry = DirectoryEntry.Decode(ref reader);
            entries[entry.Grain] = entry;
        }

        lock (_changes)
        {
            Volatile.Write(ref _entries, entries);
            _owners = PrefixOwners.Create(entries.Values);
            foreach (IDirectoryListener listener in _listeners)
            {
                listener.Reset([.. entries.Values]);
            }
        }
    }

    internal void Set(DirectoryEntry entry, IStoreBatch batch)
    {
        var writer = new FieldWriter();
        entry.Encode(writer);
        batch.Put(StoreTable.Directory, entry.Grain.Encoded, writer.Written.Span);
        lock (_changes)
        {
            _entries[entry.Grain] = entry;
            ReplaceOwner(entry.Grain, entry);
            foreach (IDirectoryListener listener in _listeners)
            {
                listener.Set(entry);
            }
        }
    }

    internal void Remove(DirectoryEntry entry, IStoreBatch batch)
    {
        batch.Delete(StoreTable.Directory, entry.Grain.Encoded);
        lock (_changes)
        {
            _entries.TryRemove(entry.Grain, out _);
            ReplaceOwner(entry.Grain, null);
            foreach (IDirectoryListener listener in _listeners)
            {
                listener.Remove(entry);
            }
        }
    }

    internal void RemoveSilo(string silo, IStoreBatch batch) => RemoveWhere(entry => entry.Silo == silo, batch);

    internal void RemoveWhere(Predicate<DirectoryEntry> condition, IStoreBatch batch)
    {
        foreach (KeyValuePair<GrainKey, DirectoryEntry> pair in _entries)
        {
            if (condition(pair.Value))
            {
                Remove(pair.Value, batch);
            }
        }
    }

    private void ReplaceOwner(in GrainKey grain, DirectoryEntry? entry)
    {
        if (PrefixGrainKey.TryGetPrefix(grain, out byte[] prefix))
        {
            _owners = _owners.With(prefix, entry);
        }
    }
}
