using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Krewe.Api.Gateway;

namespace Krewe.Api.Tests.Gateway;

public sealed class JsonMessageReaderTests
{
    private const int MaxBytes = 64;

    private readonly Pipe _pipe = new();
    private readonly JsonMessageReader _reader;

    public JsonMessageReaderTests() => _reader = new JsonMessageReader(_pipe.Reader, MaxBytes);

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task An_empty_body_has_no_message(string body)
    {
        await WriteAsync(body);
        await _pipe.Writer.CompleteAsync();

        Assert.Null(await ReadAsync());
    }

    [Fact]
    public async Task Messages_are_told_apart_with_and_without_white_space()
    {
        await WriteAsync("{\"a\":{\"b\":[1,2]}}{\"c\":\"}{\"}\n {} ");
        await _pipe.Writer.CompleteAsync();

        Assert.Equal("{\"a\":{\"b\":[1,2]}}", (await ReadAsync())!.Trim());
        Assert.Equal("{\"c\":\"}{\"}", (await ReadAsync())!.Trim());
        Assert.Equal("{}", (await ReadAsync())!.Trim());
        Assert.Null(await ReadAsync());
    }

    [Fact]
    public async Task A_message_is_read_as_soon_as_it_is_whole_however_it_is_cut()
    {
        const string Message = "{\"key\":\"Zm9v\",\"n\":[{},1]}";
        foreach (var c in Message[..^1])
        {
            await WriteAsync($"{c}");
        }

        var reading = ReadAsync();
        Assert.False(reading.IsCompleted);
        await WriteAsync(Message[^1..]);

        Assert.Equal(Message, await reading);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("{\"a\":1]")]
    public async Task What_is_not_json_is_refused_and_lets_go_of_the_body(string body)
    {
        await WriteAsync(body);
        await _pipe.Writer.CompleteAsync();

        await Assert.ThrowsAnyAsync<JsonException>(ReadAsync);

        // A reader that still held the body would throw here.
        Assert.True(_pipe.Reader.TryRead(out var rest));
        Assert.True(rest.IsCompleted);
    }

    [Fact]
    public async Task A_message_beyond_the_bound_is_refused()
    {
        await WriteAsync("{\"key\":\"" + new string('a', MaxBytes));

        await Assert.ThrowsAsync<JsonTooLargeException>(ReadAsync);
    }

    private Task<string?> ReadAsync() => _reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

    private async Task WriteAsync(string text) =>
        await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
}
