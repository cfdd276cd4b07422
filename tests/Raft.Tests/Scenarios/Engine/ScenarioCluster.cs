using System.Globalization;
using System.Text;
using Krewe.Raft.Core;

namespace Krewe.Raft.Tests.Scenarios.Engine;

/// <summary>The commands of a scenario. See README.md beside the scenarios.</summary>
internal sealed class ScenarioCluster
{
    private const int MaxRounds = 1000;

    private readonly SortedDictionary<ulong, ScenarioNode> _nodes = [];
    private readonly HashSet<ulong> _isolated = [];
    private readonly StringBuilder _trace = new();
    private readonly List<Message> _network = [];
    private Dictionary<string, string> _options = [];
    private bool _quiet;

    /// <summary>Runs one command line and returns what happened.</summary>
    public string Run(string line)
    {
        _trace.Clear();
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _quiet = words[^1] == "quietly";
        Execute(_quiet ? words[..^1] : words);
        return _trace.ToString();
    }

    public void Trace(string text)
    {
        if (!_quiet)
        {
            _trace.Append(text).Append('\n');
        }
    }

    public void Send(in Message message)
    {
        if (!_isolated.Contains(message.From) && !_isolated.Contains(message.To))
        {
            _network.Add(message);
        }
    }

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    private void Execute(string[] words)
    {
        switch (words[0])
        {
            case "cluster":
                CreateCluster(words);
                break;
            case "node":
                Create(Number(words[1]), null);
                break;
            case "settle":
                Settle();
                break;
            case "deliver":
                Deliver(words.Length > 1 ? words[1] : "");
                break;
            case "drop":
                _network.RemoveAll(m => Matches(m, words.Length > 1 ? words[1] : ""));
                break;
            case "duplicate":
                _network.AddRange(_network.FindAll(m => Matches(m, words[1])));
                break;
            case "network":
                _network.ForEach(m => Trace(Text.Message(m)));
                break;
            case "isolate":
                _isolated.Add(Number(words[1]));
                _network.RemoveAll(m => m.From == Number(words[1]) || m.To == Number(words[1]));
                break;
            case "heal":
                _isolated.Clear();
                break;
            case "status":
                ShowStatus();
                break;
            case "inject":
                Inject(words);
                break;
            default:
                ExecuteOnNodes(words);
                break;
        }
    }

    private void ExecuteOnNodes(string[] words)
    {
        IEnumerable<ScenarioNode> targets = words[1] == "all" ? _nodes.Values.Where(n => n.IsUp) : [_nodes[Number(words[1])]];
        foreach (ScenarioNode node in targets)
        {
            ExecuteOnNode(node, words);
            if (node.IsUp)
            {
                node.Process();
            }
        }
    }

    private void ExecuteOnNode(ScenarioNode node, string[] words)
    {
        RaftCore core = node.Core;
        switch (words[0])
        {
            case "campaign":
                Refused(core.Campaign());
                break;
            case "forget-leader":
                Refused(core.ForgetLeader());
                break;
            case "tick":
                for (int i = words.Length > 2 ? (int)Number(words[2]) : 1; i > 0; i--)
                {
                    core.Tick();
                    node.Process();
                }

                break;
            case "propose":
                Outcome(core.TryPropose(Encoding.UTF8.GetBytes(string.Join(' ', words[2..])), out _, out _));
                break;
            case "conf":
                Outcome(core.ProposeConfChange(ParseChange(words[2..]), out _, out _));
                break;
            case "read":
                Refused(core.ReadIndex(Number(words[2])));
                break;
            case "lease-read":
                Trace(core.TryLeaseRead(out ulong index) ? $"at {index}" : "no lease");
                break;
            case "transfer":
                Trace(core.TransferLeadership(Number(words[2])).ToString());
                break;
            case "unreachable":
                core.ReportUnreachable(Number(words[2]));
                break;
            case "snapshot-report":
                core.ReportSnapshot(Number(words[2]), words[3] == "ok");
                break;
            default:
                ExecuteOnMachine(node, words);
                break;
        }
    }

    private void ExecuteOnMachine(ScenarioNode node, string[] words)
    {
        switch (words[0])
        {
            case "hold-disk":
                node.HoldsDisk = true;
                break;
            case "sync":
                node.ReleaseDisk(words.Length > 2 ? (int)Number(words[2]) : int.MaxValue);
                break;
            case "release-disk":
                node.HoldsDisk = false;
                node.ReleaseDisk(int.MaxValue);
                break;
            case "hold-apply":
                node.HoldsApply = true;
                break;
            case "release-apply":
                node.HoldsApply = false;
                node.ReleaseApply();
                break;
            case "crash":
                node.Crash();
                break;
            case "restart":
                node.Start();
                break;
            case "compact":
                node.Compact(Number(words[2]));
                break;
            case "progress":
                ShowProgress(node.Core);
                break;
            case "log":
                Trace($"{node.Core.FirstIndex - 1} compacted [{Text.Entries(node.Disk.Entries.ToArray())}] conf {node.Core.ConfState}");
                break;
            default:
                throw new ArgumentException($"unknown command: {words[0]}");
        }
    }

    private void CreateCluster(string[] words)
    {
        _options = words.Where(w => w.Contains('=')).Select(w => w.Split('=')).ToDictionary(p => p[0], p => p[1]);
        ulong[] Ids(string name) => _options.TryGetValue(name, out string? ids) ? [.. ids.Split(',').Select(Number)] : [];
        var state = new ConfState(Ids("voters"), null, Ids("learners"));
        foreach (ulong id in state.Voters.Concat(state.Learners))
        {
            Create(id, new SnapshotMetadata(1, 1, state, default));
        }
    }

    private void Create(ulong id, SnapshotMetadata? bootstrap)
    {
        var node = new ScenarioNode(this, Options(id));
        if (bootstrap is not null)
        {
            node.Disk.HardState = new HardState(1, 0, 1);
            node.Disk.Install(bootstrap);
        }

        _nodes.Add(id, node);
        node.Start();
    }

    private RaftOptions Options(ulong id)
    {
        int Value(string name, int otherwise)
            => _options.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        return new RaftOptions
        {
            Id = id,
            RandomSeed = id,
            ElectionTimeoutTicks = Value("election", 10),
            HeartbeatTicks = Value("heartbeat", 1),
            PreVote = Value("prevote", 1) == 1,
            CheckQuorum = Value("checkquorum", 1) == 1,
            LeaseReads = Value("lease", 0) == 1,
            MaxInflightMessages = Value("inflight", 256),
            MaxInflightBytes = Value("inflightbytes", 1 << 20),
            MaxMessageBytes = Value("messagebytes", 1 << 20),
            MaxUncommittedBytes = Value("uncommitted", 1 << 20),
            MaxCommittedBytesPerReady = Value("committed", 1 << 20),
            MaxApplyingBytes = Value("applying", 1 << 20),
            MaxPendingReads = Value("reads", 1024),
            MaxUndurableReadys = Value("undurable", 1024),
        };
    }

    private void Refused(bool accepted)
    {
        if (!accepted)
        {
            Trace("refused");
        }
    }

    private void Outcome(ProposeResult result)
    {
        if (result != ProposeResult.Accepted)
        {
            Trace(result.ToString());
        }
    }

    private static ConfChange ParseChange(string[] words)
    {
        if (words[0] == "leave")
        {
            return ConfChange.Leave;
        }

        ConfChangeTransition transition = words[^1] switch
        {
            "joint" => ConfChangeTransition.JointImplicit,
            "explicit" => ConfChangeTransition.JointExplicit,
            _ => ConfChangeTransition.Auto,
        };
        IEnumerable<ConfChangeItem> items = words.Where(w => w is not "joint" and not "explicit").Select(w => w[0] switch
        {
            '+' => new ConfChangeItem(ConfChangeKind.AddVoter, Number(w[1..])),
            '-' => new ConfChangeItem(ConfChangeKind.Remove, Number(w[1..])),
            'l' => new ConfChangeItem(ConfChangeKind.AddLearner, Number(w[1..])),
            _ => new ConfChangeItem(ConfChangeKind.Update, Number(w[1..])),
        });
        return new ConfChange(transition, [.. items], default);
    }

    private void Settle()
    {
        for (int round = 0; _network.Count > 0; round++)
        {
            Assert.True(round < MaxRounds, "the cluster does not come to rest");
            Deliver("");
        }
    }

    private void Deliver(string filter)
    {
        List<Message> now = _network.FindAll(m => Matches(m, filter));
        _network.RemoveAll(m => Matches(m, filter));
        foreach (Message message in now)
        {
            if (_nodes.TryGetValue(message.To, out ScenarioNode? node) && node.IsUp)
            {
                Trace(Text.Message(message));

                // Through the codec, so that every scenario is a test of it too.
                Assert.True(MessageCodec.TryDecode(MessageCodec.Encode(message), out Message received));
                node.Core.Step(received);
                node.Process();
            }
        }
    }

    /// <summary>"", "2" (to 2), "1->2", or either with a type: "2:Append".</summary>
    private static bool Matches(in Message message, string filter)
    {
        string[] parts = filter.Split(':');
        if (parts.Length > 1 && message.Type.ToString() != parts[1])
        {
            return false;
        }

        string[] ends = parts[0].Split("->");
        return parts[0].Length == 0
            || (ends.Length == 1 ? message.To == Number(ends[0]) : message.From == Number(ends[0]) && message.To == Number(ends[1]));
    }

    private void Inject(string[] words)
    {
        Dictionary<string, string> fields = words[2..].Select(w => w.Split('=')).ToDictionary(p => p[0], p => p[1]);
        ulong Field(string name) => fields.TryGetValue(name, out string? text) ? Number(text) : 0;
        _network.Add(new Message
        {
            Type = Enum.Parse<MessageType>(words[1]),
            From = Field("from"),
            To = Field("to"),
            Term = Field("term"),
            Index = Field("index"),
            LogTerm = Field("logterm"),
            Commit = Field("commit"),
            Context = Field("context"),
            Reject = Field("reject") == 1,
            Force = Field("force") == 1,
            Entries = fields.TryGetValue("entries", out string? entries) ? entries.Split(',').Select(ParseEntry).ToArray() : default,
        });
    }

    /// <summary>"3/2:text", or "3/2:+4" and "3/2:learner4" for membership changes.</summary>
    private static Entry ParseEntry(string text)
    {
        string[] parts = text.Split(':');
        string[] id = parts[0].Split('/');
        string data = parts.Length > 1 ? parts[1] : "";
        ConfChangeKind? kind = data.StartsWith('+') ? ConfChangeKind.AddVoter
            : data.StartsWith("learner", StringComparison.Ordinal) ? ConfChangeKind.AddLearner : null;
        return kind is { } change
            ? new Entry(Number(id[0]), Number(id[1]), EntryKind.ConfChange, ConfChangeCodec.Encode(ConfChange.Single(change, Number(data.Trim('+', 'l', 'e', 'a', 'r', 'n')))))
            : new Entry(Number(id[0]), Number(id[1]), EntryKind.Normal, Encoding.UTF8.GetBytes(data));
    }

    private void ShowStatus()
    {
        foreach (ScenarioNode node in _nodes.Values)
        {
            RaftCore c = node.Core;
            Trace(node.IsUp
                ? $"{node.Id} {Text.Role(c.Role)} term={c.Term} vote={c.Vote} leader={c.LeaderId} log={c.FirstIndex}..{c.LastIndex} "
                    + $"stable={c.StableIndex} commit={c.CommitIndex} applied={c.AppliedIndex}"
                : $"{node.Id} down");
        }
    }

    private void ShowProgress(RaftCore core)
    {
        foreach (ProgressStatus p in core.GetProgress())
        {
            Trace($"{p.Id} {p.State}{(p.IsLearner ? " learner" : "")} match={p.Match} next={p.Next}"
                + $"{(p.PendingSnapshot > 0 ? $" pending={p.PendingSnapshot}" : "")}{(p.RecentActive ? "" : " inactive")}"
                + $"{(p.InflightMessages > 0 ? $" inflight={p.InflightMessages}" : "")}");
        }
    }
}
