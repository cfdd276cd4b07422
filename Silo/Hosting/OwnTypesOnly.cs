using Orleans.Serialization;

namespace Krewe.Silo.Hosting;

/// <summary>
/// Refuses to make objects of foreign types out of what other silos send. Types with generated serializers are known to Orleans and not
/// asked about; beyond those its own filter lets in every class whose name ends in "Exception", whatever library it belongs to.
/// </summary>
internal sealed class OwnTypesOnly : ITypeNameFilter
{
    private static readonly string[] TrustedAssemblies = ["Krewe.", "krewe", "Orleans.", "Microsoft.Orleans.", "System.", "mscorlib", "netstandard"];

    /// <summary>False for a type of another assembly; null, so that Orleans decides, for the rest.</summary>
    public bool? IsTypeNameAllowed(string typeName, string assemblyName)
    {
        // Aliases and keywords, which name registered types, have no assembly.
        if (string.IsNullOrEmpty(assemblyName))
        {
            return null;
        }

        foreach (var trusted in TrustedAssemblies)
        {
            if (assemblyName.StartsWith(trusted, StringComparison.Ordinal))
            {
                return null;
            }
        }

        return false;
    }
}
