using System.Text;
using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Scenarios.Engine;

/// <summary>How things look in a trace.</summary>
internal static class Text
{
    public static string Role(RaftRole role) => role switch
    {
        RaftRole.Follower => "follower",
        RaftRole.PreCandidate => "pre-candidate",
        RaftRole.Candidate => "candidate",
        _ => "leader",
    };

    public static string Entry(in Entry entry)
    {
        string id = $"{entry.Index}/{entry.Term}";
        if (entry.Kind == EntryKind.ConfChange)
        {
            return ConfChangeCodec.TryDecode(entry.Data, out ConfChange change) ? $"{id}:{Change(change)}" : $"{id}:?";
        }

        return entry.Data.Length == 0 ? id : $"{id}:{Encoding.UTF8.GetString(entry.Data.Span)}";
    }

    public static string Entries(ReadOnlySpan<Entry> entries)
    {
        var parts = new List<string>();
        foreach (Entry entry in entries)
        {
            parts.Add(Entry(entry));
        }

        return string.Join(' ', parts);
    }

    public static string Change(ConfChange change)
    {
        if (change.IsLeave)
        {
            return "leave";
        }

        IEnumerable<string> items = change.Items.Select(i => i.Kind switch
        {
            ConfChangeKind.AddVoter => $"+{i.Id}",
            ConfChangeKind.AddLearner => $"learner{i.Id}",
            ConfChangeKind.Remove => $"-{i.Id}",
            _ => $"update{i.Id}",
        });
        return string.Join(',', items);
    }

    public static string Message(in Message m)
    {
        string head = $"{m.From}->{m.To} {m.Type}";
        string term = m.Term == 0 ? "" : $" term={m.Term}";
        return head + term + m.Type switch
        {
            MessageType.Append => $" prev={m.Index}/{m.LogTerm} commit={m.Commit} [{Entries(m.Entries.Span)}]{(m.IsQuiet ? " quiet" : "")}",
            MessageType.AppendResponse when m.Reject => $" rejects {m.Index} hint={m.RejectHint}/{m.LogTerm}",
            MessageType.AppendResponse => $" index={m.Index}",
            MessageType.Heartbeat => $" commit={m.Commit} batch={m.Context} tick={m.SentTick}",
            MessageType.HeartbeatResponse => $" batch={m.Context} tick={m.SentTick}",
            MessageType.Vote or MessageType.PreVote => $" last={m.Index}/{m.LogTerm}{(m.Force ? " force" : "")}",
            MessageType.VoteResponse or MessageType.PreVoteResponse => m.Reject ? " rejects" : " grants",
            MessageType.Snapshot when m.Snapshot is { } s => $" {s.Index}/{s.Term} {s.ConfState}",
            MessageType.ReadIndex => $" read {m.Context}",
            MessageType.ReadIndexResponse => $" read {m.Context} at {m.Index}",
            _ => "",
        };
    }
}
