namespace Krewe.Silo.Configuration.Parsing;

/// <summary>One setting of a configuration file.</summary>
/// <param name="Key">The key as the file has it, with its section.</param>
/// <param name="FlagName">The flag that it stands for.</param>
/// <param name="Value">Its value as text; lists are joined by commas.</param>
internal readonly record struct ConfigFileSetting(string Key, string FlagName, string Value);
