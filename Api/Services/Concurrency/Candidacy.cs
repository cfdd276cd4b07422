namespace Krewe.Api.Services.Concurrency;

/// <summary>A place in a <see cref="CandidateQueue"/>.</summary>
/// <param name="CreateRevision">Orders the queue.</param>
/// <param name="Revision">The header's revision of the transaction that found out.</param>
/// <param name="FirstCreateRevision">Create revision of the first in the queue, as of the same transaction.</param>
/// <param name="Value">What the key holds.</param>
internal readonly record struct Candidacy(long CreateRevision, long Revision, long FirstCreateRevision, ReadOnlyMemory<byte> Value)
{
    public bool IsFirst => CreateRevision == FirstCreateRevision;
}
