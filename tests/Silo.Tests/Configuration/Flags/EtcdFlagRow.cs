namespace Krewe.Silo.Tests.Configuration.Flags;

/// <summary>One row of the specification's table of flags.</summary>
/// <param name="Name">The flag, or <c>feature-gates:NAME</c>.</param>
/// <param name="Environment">Its variable; null for none.</param>
/// <param name="Default">The default in 3.7.1, empty for none.</param>
/// <param name="Group">The group in lower case.</param>
/// <param name="In371">Whether etcd 3.7.1 has it.</param>
internal sealed record EtcdFlagRow(string Name, string? Environment, string Default, string Group, bool In371);
