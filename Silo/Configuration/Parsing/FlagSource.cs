namespace Krewe.Silo.Configuration.Parsing;

/// <summary>Where the value of a flag comes from.</summary>
internal enum FlagSource
{
    Default,
    CommandLine,
    Environment,
    ConfigFile,
}
