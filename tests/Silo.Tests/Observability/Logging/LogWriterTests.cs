using System.Text;
using Krewe.Silo.Observability.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Observability.Logging;

public sealed class LogWriterTests
{
    private static readonly byte[] Line = Encoding.UTF8.GetBytes("line\n");

    [Fact]
    public void A_full_queue_drops_records_and_says_how_many()
    {
        const int tooMany = 3;
        using var output = new GatedStream(open: false);
        using (var writer = new LogWriter([output], new ZapJsonEncoder(), new FakeTimeProvider()))
        {
            // The writer holds one record and is stuck with it; the queue takes its bound; the rest has no room.
            writer.Write(Line);
            output.WaitForWriter();
            for (var i = 0; i < LogWriter.QueueBoundRecords + tooMany; i++)
            {
                writer.Write(Line);
            }

            Assert.Equal(tooMany, writer.DroppedRecords);
            output.Open();
        }

        var lines = output.Lines;
        Assert.Equal(LogWriter.QueueBoundRecords + 1, lines.Count(line => line == "line"));
        Assert.Contains("\"msg\":\"log records were dropped\",\"dropped-records\":3", Assert.Single(lines, line => line != "line"), StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_writes_what_is_queued()
    {
        using var output = new GatedStream(open: true);
        using (var writer = new LogWriter([output], new ZapJsonEncoder(), new FakeTimeProvider()))
        {
            for (var i = 0; i < 1000; i++)
            {
                writer.Write(Line);
            }
        }

        Assert.Equal(1000, output.Lines.Length);
    }

    [Fact]
    public void A_full_disk_loses_records_there_and_nowhere_else()
    {
        using var disk = new FullDiskStream();
        using var output = new GatedStream(open: true);
        var writer = new LogWriter([disk, output], new ZapJsonEncoder(), new FakeTimeProvider());
        writer.Write(Line);
        writer.Write(Line);
        writer.Dispose();

        Assert.Equal(2, output.Lines.Count(line => line == "line"));
        Assert.True(writer.DroppedRecords >= 2);
    }

    [Fact]
    public void Writing_after_disposal_is_harmless()
    {
        using var output = new GatedStream(open: true);
        var writer = new LogWriter([output], new ZapJsonEncoder(), new FakeTimeProvider());
        writer.Dispose();
        writer.Write(Line);

        Assert.Empty(output.Lines);
    }
}
