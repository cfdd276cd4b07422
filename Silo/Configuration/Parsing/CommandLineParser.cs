using Krewe.Silo.Configuration.Flags;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>
/// Turns a command line, the environment and perhaps a configuration file into options: etcd's flags with etcd's rules
/// (behaviours 361 to 367). A pure function of its arguments.
/// </summary>
internal static class CommandLineParser
{
    private const string ConfigFile = "config-file";

    /// <param name="arguments">The command line without the program's name.</param>
    /// <param name="environment">All environment variables.</param>
    /// <param name="readFile">
    /// Gives the text of the file at a path; may throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </param>
    public static ParseResult Parse(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, Func<string, string> readFile)
    {
        var values = new FlagValues();
        var warnings = new List<string>();
        if (GoFlagTokenizer.Read(arguments, values) is { } answered)
        {
            return answered;
        }

        if (values.Boolean("version"))
        {
            return ParseResult.Version();
        }

        var path = ConfigFilePath(values, environment);
        if (path.Length > 0)
        {
            WarnAboutIgnored(path, values, environment, warnings);
            values = new FlagValues();
            if (ReadConfigFile(path, readFile, values, warnings) is { } failure)
            {
                return failure;
            }
        }
        else if (EnvironmentReader.Read(environment, values, warnings) is { } failure)
        {
            return failure;
        }

        return Build(values, warnings);
    }

    private static ParseResult Build(FlagValues values, List<string> warnings)
    {
        if (OptionsValidator.ValidateFlags(values, warnings) is { } refused)
        {
            return ParseResult.Fail(refused);
        }

        if (!OptionsBuilder.TryBuild(values, out var options, out var unreadable))
        {
            return ParseResult.Fail(unreadable);
        }

        warnings.AddRange(options!.Tls.Warnings(options.Listen, options.Cluster));
        return OptionsValidator.ValidateOptions(options) is { } bad ? ParseResult.Fail(bad) : ParseResult.Start(options, warnings);
    }

    private static string ConfigFilePath(FlagValues values, IReadOnlyDictionary<string, string> environment) =>
        values.Text(ConfigFile) is { Length: > 0 } path
            ? path
            : environment.GetValueOrDefault(FlagCatalog.Find(ConfigFile)!.Environment!, "");

    private static ParseResult? ReadConfigFile(string path, Func<string, string> readFile, FlagValues values, List<string> warnings)
    {
        string text;
        try
        {
            text = readFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ParseResult.Fail($"cannot read --config-file {path}: {exception.Message}");
        }

        return ConfigFileReader.Read(path, text, values, warnings);
    }

    private static void WarnAboutIgnored(
        string path, FlagValues values, IReadOnlyDictionary<string, string> environment, List<string> warnings)
    {
        var ignored = values.Explicit.Where(flag => flag.Name != ConfigFile).Select(flag => $"--{flag.Name}")
            .Concat(FlagCatalog.All
                .Where(flag => flag.Name != ConfigFile && flag.Environment is not null && environment.ContainsKey(flag.Environment))
                .Select(flag => flag.Environment!))
            .ToArray();
        if (ignored.Length > 0)
        {
            warnings.Add($"settings come from {path}; ignored: {string.Join(", ", ignored)}");
        }
    }
}
