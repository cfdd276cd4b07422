using System.Globalization;
using Krewe.Silo.Configuration.Flags;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>The values of all flags, in normal form, with their sources. What was not set has its default.</summary>
internal sealed class FlagValues
{
    private readonly Dictionary<string, (string Value, FlagSource Source)> _set = [];

    /// <summary>The flags that were set, whatever to.</summary>
    public IEnumerable<FlagDefinition> Explicit => FlagCatalog.All.Where(flag => _set.ContainsKey(flag.Name));

    /// <summary>Sets a flag; null when the value is good, otherwise what is wrong with it.</summary>
    public string? Set(FlagDefinition flag, string text, FlagSource source)
    {
        var error = FlagValueReader.Normalize(flag, text, out var normal);
        if (error is null)
        {
            _set[flag.Name] = (normal, source);
        }

        return error;
    }

    /// <summary>Whether the flag was set explicitly.</summary>
    public bool IsSet(string name) => _set.ContainsKey(name);

    /// <summary>Where the flag's value comes from.</summary>
    public FlagSource SourceOf(string name) => _set.TryGetValue(name, out var entry) ? entry.Source : FlagSource.Default;

    /// <summary>Whether the flag was set to something else than its default.</summary>
    public bool IsChanged(FlagDefinition flag) =>
        _set.TryGetValue(flag.Name, out var entry) && entry.Value != FlagValueReader.NormalDefault(flag);

    /// <summary>The value in normal form.</summary>
    public string Text(string name) =>
        _set.TryGetValue(name, out var entry) ? entry.Value : FlagValueReader.NormalDefault(Definition(name));

    public bool Boolean(string name) => Text(name) == "true";

    public uint UnsignedInteger(string name) => uint.Parse(Text(name), CultureInfo.InvariantCulture);

    public ulong UnsignedLong(string name) => ulong.Parse(Text(name), CultureInfo.InvariantCulture);

    public long Integer(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);

    public TimeSpan Duration(string name) => GoDuration.TryParse(Text(name), out var value) ? value : throw Corrupt(name);

    public IReadOnlyList<string> List(string name) => Text(name).Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The URLs; an empty value means the default ones, as in etcd.</summary>
    public IReadOnlyList<EtcdUrl> Urls(string name)
    {
        var text = Text(name);
        text = text.Length == 0 ? Definition(name).Default : text;
        if (text.Length == 0)
        {
            return [];
        }

        return EtcdUrl.TryParseList(text, out var urls, out _) ? urls : throw Corrupt(name);
    }

    private static FlagDefinition Definition(string name) =>
        FlagCatalog.Find(name) ?? throw new InvalidOperationException($"--{name} is not in the catalog");

    private static InvalidOperationException Corrupt(string name) => new($"--{name} was stored without having been checked");
}
