using Google.Protobuf;

namespace Krewe.Benchmarks.Messages;

/// <summary>A request encoded once, with placeholders where each call's keys and values are written.</summary>
internal sealed class RequestTemplate
{
    private readonly KeySpace _keys;
    private readonly ValuePool _values;
    private readonly byte[] _bytes;
    private readonly (int Offset, int Delta)[] _keySlots;
    private readonly int[] _valueOffsets;

    /// <param name="deltas">The deltas for which <paramref name="message"/> holds key placeholders.</param>
    public RequestTemplate(IMessage message, KeySpace keys, ValuePool values, params int[] deltas)
    {
        _keys = keys;
        _values = values;
        _bytes = message.ToByteArray();
        _keySlots = [.. deltas.SelectMany(delta => FindAll(keys.Placeholder(delta)).Select(offset => (offset, delta)))];
        _valueOffsets = [.. FindAll(values.PlaceholderString.ToByteArray())];
    }

    /// <summary>Where the first value lies in the filled request.</summary>
    public int ValueOffset => _valueOffsets[0];

    /// <summary>The request for one key; valid until the next call.</summary>
    public Span<byte> Fill(long keyIndex, SplitMix random)
    {
        foreach (var (offset, delta) in _keySlots)
        {
            _keys.Write(_bytes.AsSpan(offset), keyIndex + delta);
        }

        foreach (var offset in _valueOffsets)
        {
            _values.Pick(random).CopyTo(_bytes.AsSpan(offset));
        }

        return _bytes;
    }

    private IEnumerable<int> FindAll(byte[] placeholder)
    {
        for (var offset = 0; ; offset += placeholder.Length)
        {
            var found = _bytes.AsSpan(offset).IndexOf(placeholder);
            if (found < 0)
            {
                yield break;
            }

            offset += found;
            yield return offset;
        }
    }
}
