using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Krewe.Api.Gateway;

/// <summary>Cuts a request body into its JSON values, which may follow one another with or without white space.</summary>
/// <param name="input">The body.</param>
/// <param name="maxBytes">Bound of one value in bytes.</param>
internal sealed class JsonMessageReader(PipeReader input, int maxBytes)
{
    /// <summary>Deeper nesting is refused by the message parser, which has the lower bound.</summary>
    private const int MaxDepth = 1000;

    private static readonly JsonReaderState Start = new(new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = MaxDepth });

    private JsonReaderState _state = Start;
    private long _scanned;

    /// <summary>The next value, or null at the end of the body.</summary>
    /// <exception cref="JsonException">The body isn't JSON.</exception>
    /// <exception cref="JsonTooLargeException">The value is longer than the bound.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (FindEnd(buffer, read.IsCompleted) is { } end)
            {
                var value = Encoding.UTF8.GetString(buffer.Slice(0, end));
                input.AdvanceTo(buffer.GetPosition(end));
                return value;
            }

            if (read.IsCompleted)
            {
                input.AdvanceTo(buffer.End);
                return null;
            }

            if (buffer.Length > maxBytes)
            {
                input.AdvanceTo(buffer.Start);
                throw new JsonTooLargeException(buffer.Length, maxBytes);
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private long? FindEnd(in ReadOnlySequence<byte> buffer, bool isFinal)
    {
        try
        {
            return Scan(buffer, isFinal);
        }
        catch (JsonException)
        {
            // Nothing after it can be told apart; and a body that is held can't be drained.
            input.AdvanceTo(buffer.End);
            throw;
        }
    }

    /// <summary>Scans on from where it stopped, so that a value in many pieces is scanned once.</summary>
    private long? Scan(in ReadOnlySequence<byte> buffer, bool isFinal)
    {
        var reader = new Utf8JsonReader(buffer.Slice(_scanned), isFinal, _state);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                var end = _scanned + reader.BytesConsumed;
                _state = Start;
                _scanned = 0;
                return end;
            }
        }

        _state = reader.CurrentState;
        _scanned += reader.BytesConsumed;
        return null;
    }
}
