using System.Diagnostics;
using System.Text;
using Krewe.Silo.Tls;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Tests.Tls;

/// <summary>Values that follow their files (behaviour 345).</summary>
public sealed class FileBackedTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RecordingLogger _logger = new();
    private int _parsed;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Behaviour_345_a_changed_file_is_read_again_and_an_unchanged_one_is_not_parsed_again()
    {
        var value = Value("a");
        File.WriteAllText(_folder.File("a"), "1");
        Assert.Equal(["1", "1"], [value.Current, value.Current]);
        Assert.Equal(1, _parsed);

        File.WriteAllText(_folder.File("a"), "2");
        Assert.Equal("2", value.Current);
        Assert.Equal(2, _parsed);
        Assert.Equal(LogLevel.Information, Assert.Single(_logger.Records).Level);
    }

    [Fact]
    public void A_file_of_the_same_length_and_time_is_still_noticed()
    {
        var value = Value("a");
        var path = _folder.File("a");
        File.WriteAllText(path, "1");
        var time = File.GetLastWriteTimeUtc(path);
        Assert.Equal("1", value.Current);

        File.WriteAllText(path, "2");
        File.SetLastWriteTimeUtc(path, time);
        Assert.Equal("2", value.Current);
    }

    [Fact]
    public void A_folder_that_is_exchanged_by_its_link_is_followed_as_Kubernetes_does_it()
    {
        foreach (var version in new[] { "v1", "v2" })
        {
            Directory.CreateDirectory(_folder.File(version));
            File.WriteAllText(Path.Combine(_folder.File(version), "a"), version);
        }

        File.CreateSymbolicLink(_folder.File("..data"), "v1");
        File.CreateSymbolicLink(_folder.File("a"), "..data/a");
        var value = Value("a");
        Assert.Equal("v1", value.Current);

        File.CreateSymbolicLink(_folder.File("..data_tmp"), "v2");
        using (var move = Process.Start("/bin/mv", ["-T", _folder.File("..data_tmp"), _folder.File("..data")]))
        {
            move.WaitForExit();
        }

        Assert.Equal("v2", value.Current);
    }

    [Fact]
    public void What_can_not_be_used_leaves_the_last_good_value_with_one_warning_for_each_state()
    {
        var value = Value("a");
        File.WriteAllText(_folder.File("a"), "1");
        Assert.Equal("1", value.Current);

        File.WriteAllText(_folder.File("a"), "bad");
        Assert.Equal(["1", "1"], [value.Current, value.Current]);
        File.Delete(_folder.File("a"));
        Assert.Equal(["1", "1"], [value.Current, value.Current]);
        Assert.Equal([LogLevel.Warning, LogLevel.Warning], _logger.Records.Select(r => r.Level));
        Assert.Contains("no such file or directory", _logger.Records.Last().Text, StringComparison.Ordinal);

        File.WriteAllText(_folder.File("a"), "2");
        Assert.Equal("2", value.Current);
    }

    [Fact]
    public void Without_any_good_value_it_throws_with_the_reason()
    {
        var value = Value("a");
        Assert.Equal($"open {_folder.File("a")}: no such file or directory", Assert.Throws<InvalidDataException>(() => value.Current).Message);

        File.WriteAllText(_folder.File("a"), "bad");
        Assert.Equal("bad", Assert.Throws<InvalidDataException>(() => value.Current).Message);
    }

    private FileBacked<string> Value(string name) => new([_folder.File(name)], Parse, new TlsLog { Logger = _logger });

    private string Parse(IReadOnlyList<byte[]> files)
    {
        _parsed++;
        var text = Encoding.UTF8.GetString(files[0]);
        return text == "bad" ? throw new InvalidDataException("bad") : text;
    }
}
