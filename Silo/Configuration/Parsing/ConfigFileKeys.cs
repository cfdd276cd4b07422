using YamlDotNet.RepresentationModel;

namespace Krewe.Silo.Configuration.Parsing;

/// <summary>Maps the keys of etcd's configuration file to flag names: most are the same, those in sections are not.</summary>
internal static class ConfigFileKeys
{
    private const string ClientSection = "client-transport-security";
    private const string PeerSection = "peer-transport-security";
    private const string DiscoverySection = "discovery-config";
    private const string SocketSection = "socket-options";

    /// <summary>All settings of the file in its order; keys without a value are left out.</summary>
    /// <exception cref="InvalidDataException">A section is not a mapping, or a plain key has a mapping as value.</exception>
    public static IEnumerable<ConfigFileSetting> Flatten(YamlMappingNode root)
    {
        foreach (var (keyNode, valueNode) in root.Children)
        {
            var key = ScalarText(keyNode, "a key");
            if (key is not (ClientSection or PeerSection or DiscoverySection or SocketSection))
            {
                if (ValueText(valueNode, key) is { } value)
                {
                    yield return new(key, key, value);
                }

                continue;
            }

            foreach (var setting in Section(key, key, valueNode))
            {
                yield return setting;
            }
        }
    }

    private static IEnumerable<ConfigFileSetting> Section(string section, string path, YamlNode node)
    {
        if (node is YamlScalarNode { Value: null or "" or "null" or "~" })
        {
            yield break;
        }

        if (node is not YamlMappingNode mapping)
        {
            throw new InvalidDataException($"invalid {path}: expected keys and values");
        }

        foreach (var (keyNode, valueNode) in mapping.Children)
        {
            var key = ScalarText(keyNode, $"a key of {path}");
            if (section == DiscoverySection && valueNode is YamlMappingNode)
            {
                foreach (var inner in Section(section, $"{path}.{key}", valueNode))
                {
                    yield return inner;
                }
            }
            else if (ValueText(valueNode, $"{path}.{key}") is { } value)
            {
                yield return new($"{path}.{key}", FlagName(section, key), value);
            }
        }
    }

    private static string FlagName(string section, string key) => (section, key) switch
    {
        (ClientSection, "allowed-hostname") => "client-cert-allowed-hostname",
        (ClientSection, "allowed-cn") => "client-cert-allowed-cn",
        (PeerSection, "allowed-hostname") => "peer-cert-allowed-hostname",
        (PeerSection, "allowed-cn") => "peer-cert-allowed-cn",
        (ClientSection, _) => key,
        (PeerSection, _) => $"peer-{key}",
        (SocketSection, _) => $"socket-{key}",
        (DiscoverySection, "username") => "discovery-user",
        _ => $"discovery-{key}",
    };

    private static string? ValueText(YamlNode node, string path) => node switch
    {
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "null" or "~" } => null,
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode sequence => string.Join(',', sequence.Children.Select(child => ScalarText(child, path))),
        _ => throw new InvalidDataException($"invalid {path}: expected one value or a list"),
    };

    private static string ScalarText(YamlNode node, string what) =>
        node is YamlScalarNode { Value: { } value } ? value : throw new InvalidDataException($"{what} must be plain text");
}
