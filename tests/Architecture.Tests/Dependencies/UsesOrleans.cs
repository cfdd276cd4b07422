namespace Krewe.Architecture.Tests.Dependencies;

/// <summary>Breaks the rule against Orleans on purpose, to show that breaking it would be seen.</summary>
internal static class UsesOrleans
{
    public static string Describe(object value) => value is Orleans.Runtime.GrainId id ? id.ToString() : "";
}
