namespace Krewe.Grains.Keyspace.Modules;

/// <summary>The module that membership changes in the log are applied to, so that members' rows and the configuration change in one batch.</summary>
public interface IConfigurationModule : IStateModule
{
    /// <summary>
    /// Applies one membership change; null if it took effect. Anything else says why it changed nothing, on every member alike: the
    /// consensus core must then not put it into force either.
    /// </summary>
    /// <param name="change">The entry's payload, encoded by <see cref="Raft.Core.ConfChangeCodec"/>.</param>
    /// <param name="context">Where the entry stands.</param>
    object? ApplyConfChange(ReadOnlyMemory<byte> change, in ModuleContext context);
}
