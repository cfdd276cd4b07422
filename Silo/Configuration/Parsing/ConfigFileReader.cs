using Krewe.Silo.Configuration.Flags;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>Takes flags from a configuration file with etcd's keys (behaviour 362). JSON is read as the YAML that it is.</summary>
internal static class ConfigFileReader
{
    /// <summary>
    /// Fills <paramref name="values"/> from the file's text; null when all went well. Unknown keys are warned about, as etcd
    /// ignores them.
    /// </summary>
    public static ParseResult? Read(string path, string text, FlagValues values, List<string> warnings)
    {
        try
        {
            return Load(text) switch
            {
                null => null,
                YamlMappingNode root => ApplyAll(path, root, values, warnings),
                _ => ParseResult.Fail($"{path}: expected keys and values at the top level"),
            };
        }
        catch (YamlException exception)
        {
            return ParseResult.Fail($"{path}: line {exception.Start.Line}: {exception.Message}");
        }
        catch (InvalidDataException exception)
        {
            return ParseResult.Fail($"{path}: {exception.Message}");
        }
    }

    /// <summary>The root of the first document; null for a file without any.</summary>
    private static YamlNode? Load(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // The library has such exceptions for some malformed files, "{\na: \n:" for one.
            throw new InvalidDataException($"malformed YAML: {exception.Message}", exception);
        }

        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
    }

    private static ParseResult? ApplyAll(string path, YamlMappingNode root, FlagValues values, List<string> warnings) =>
        ConfigFileKeys.Flatten(root).Select(setting => Apply(path, setting, values, warnings)).FirstOrDefault(failure => failure is not null);

    private static ParseResult? Apply(string path, ConfigFileSetting setting, FlagValues values, List<string> warnings)
    {
        if (FlagCatalog.Find(setting.FlagName) is not { InConfigFile: true } flag)
        {
            // The sections are about security: what is written there is never ignored.
            if (setting.Key.Contains('.', StringComparison.Ordinal))
            {
                return ParseResult.Fail($"{path}: key {setting.Key} is not supported by krewe");
            }

            warnings.Add(FlagCatalog.FindRemoved(setting.FlagName) is { } removed
                ? $"{path}: key {setting.Key} is ignored (removed before etcd 3.7: {removed.Hint})"
                : $"{path}: key {setting.Key} is unknown and ignored");
            return null;
        }

        var value = setting.Value;
        if (flag.Kind == FlagKind.Duration)
        {
            if (!GoNumber.TryParseSigned(value, out var nanoseconds))
            {
                return ParseResult.Fail(
                    $"{path}: {setting.Key}: \"{value}\" is not a number of nanoseconds (durations in the file are integers)");
            }

            value = GoDuration.Format(GoDuration.FromNanoseconds(nanoseconds));
        }

        return values.Set(flag, value, FlagSource.ConfigFile) is { } error
            ? ParseResult.Fail($"{path}: {setting.Key}: invalid value \"{value}\": {error}")
            : null;
    }
}
