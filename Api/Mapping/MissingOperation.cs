using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Mapping;

/// <summary>Stands for a RequestOp without a member until validation refuses it (behaviour 81).</summary>
internal sealed class MissingOperation : KvOperation
{
    public static readonly MissingOperation Instance = new();
}
