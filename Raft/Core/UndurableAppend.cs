namespace Krewe.Raft.Core;

/// <summary>A Ready whose storage work is under way.</summary>
/// <param name="Sequence">Its <see cref="Ready.AppendSequence"/>.</param>
/// <param name="LastIndex">The log is stable up to here once it is durable, lowered when the log is truncated meanwhile.</param>
/// <param name="SelfVoteTerm">Term of the vote for this node itself that it carries; 0 for none.</param>
internal readonly record struct UndurableAppend(ulong Sequence, ulong LastIndex, ulong SelfVoteTerm);
