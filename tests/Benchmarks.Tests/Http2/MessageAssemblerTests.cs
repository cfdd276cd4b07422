using Krewe.Benchmarks.Http2;

namespace Krewe.Benchmarks.Tests.Http2;

public sealed class MessageAssemblerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(1000)]
    public void Messages_come_out_whole_however_the_data_is_cut(int chunk)
    {
        byte[] stream = [0, 0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 4, 5];
        var assembler = new MessageAssembler();
        var messages = new List<string>();
        for (var offset = 0; offset < stream.Length; offset += chunk)
        {
            ReadOnlySpan<byte> data = stream.AsSpan(offset, Math.Min(chunk, stream.Length - offset));
            while (!data.IsEmpty && assembler.TryRead(ref data, out var message))
            {
                messages.Add(Convert.ToHexString(message));
            }
        }

        Assert.Equal(["0102", "", "030405"], messages);
        Assert.True(assembler.IsEmpty);
    }

    [Theory]
    [InlineData("0100000000")]
    [InlineData("00ffffffff")]
    public void Compressed_and_oversize_messages_are_refused(string hex)
    {
        Assert.Throws<Http2Exception>(() =>
        {
            ReadOnlySpan<byte> data = Convert.FromHexString(hex);
            new MessageAssembler().TryRead(ref data, out _);
        });
    }
}
