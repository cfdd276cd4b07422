using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Engine;

/// <summary>
/// Writes messages as one line of canonical text: fields in number order, defaults left out, bytes readable. What must
/// differ between two servers, and only that, is normalised here: revisions become relative to the case's first revision,
/// member and cluster ids and the term become "set", and so do sizes, hashes, log indexes; server-chosen leases get names.
/// </summary>
/// <param name="baseRevision">The store's revision when the case began.</param>
internal sealed class Canon(long baseRevision)
{
    private const int LongestBytesShown = 96;

    private static readonly HashSet<string> RevisionFields =
        ["revision", "create_revision", "mod_revision", "compact_revision", "hash_revision", "start_revision", "rev"];

    private static readonly HashSet<string> OpaqueFields =
        ["dbSize", "dbSizeInUse", "leader", "raftIndex", "raftTerm", "raftAppliedIndex", "hash"];

    private readonly Dictionary<long, string> _leaseNames = [];
    private readonly List<(string From, string To)> _replacements = [];

    /// <summary>Gives a server-chosen lease id a name that is the same on both servers.</summary>
    public void NameLease(long id, string name) => _leaseNames[id] = name;

    /// <summary>Replaces a text that must differ (a URL with its port) in every string field.</summary>
    public void Replace(string from, string to) => _replacements.Add((from, to));

    public string Write(IMessage message)
    {
        var text = new StringBuilder();
        WriteMessage(text, message);
        return text.ToString();
    }

    public string Revision(long revision) => revision switch
    {
        0 => "0",
        < 0 => revision.ToString(CultureInfo.InvariantCulture),
        _ when revision >= baseRevision => string.Create(CultureInfo.InvariantCulture, $"+{revision - baseRevision}"),
        _ => "before",
    };

    public string Lease(long id) => _leaseNames.TryGetValue(id, out var name) ? name : id.ToString(CultureInfo.InvariantCulture);

    public static string Bytes(ByteString bytes)
    {
        if (bytes.Length > LongestBytesShown)
        {
            var hash = Convert.ToHexString(SHA256.HashData(bytes.Span)).AsSpan(0, 12);
            return string.Create(CultureInfo.InvariantCulture, $"<{bytes.Length} bytes {hash}>");
        }

        var text = new StringBuilder("\"");
        foreach (var b in bytes.Span)
        {
            _ = b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\'
                ? text.Append((char)b)
                : text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return text.Append('"').ToString();
    }

    public string Text(string text)
    {
        foreach (var (from, to) in _replacements)
        {
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return "\"" + text.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
    }

    private void WriteMessage(StringBuilder text, IMessage message)
    {
        if (message is ResponseHeader header)
        {
            WriteHeader(text, header);
            return;
        }

        text.Append('{');
        var first = true;
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (IsDefault(field, message))
            {
                continue;
            }

            text.Append(first ? "" : ",").Append(field.Name).Append(':');
            first = false;
            WriteField(text, field, field.Accessor.GetValue(message), message);
        }

        text.Append('}');
    }

    private void WriteHeader(StringBuilder text, ResponseHeader header)
    {
        var set = new[] { header.ClusterId != 0, header.MemberId != 0, header.RaftTerm != 0 };
        var ids = set.All(s => s) ? "set" : set.Any(s => s) ? $"partly:{string.Join('/', set)}" : "none";
        text.Append(CultureInfo.InvariantCulture, $"{{rev:{Revision(header.Revision)},ids:{ids}}}");
    }

    private void WriteField(StringBuilder text, FieldDescriptor field, object value, IMessage owner)
    {
        if (field.IsRepeated)
        {
            text.Append('[');
            var first = true;
            foreach (var item in (IEnumerable)value)
            {
                text.Append(first ? "" : ",");
                first = false;
                WriteValue(text, field, item, owner);
            }

            text.Append(']');
            return;
        }

        WriteValue(text, field, value, owner);
    }

    private void WriteValue(StringBuilder text, FieldDescriptor field, object value, IMessage owner)
    {
        switch (value)
        {
            case IMessage message:
                WriteMessage(text, message);
                break;
            case ByteString bytes:
                text.Append(Bytes(bytes));
                break;
            case string s:
                text.Append(Text(s));
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case long revision when RevisionFields.Contains(field.Name):
                text.Append(Revision(revision));
                break;
            case long lease when field.Name == "lease" || IsLeaseId(field, owner):
                text.Append(Lease(lease));
                break;
            case ulong when field.Name is "ID" or "memberID":
                text.Append("set");
                break;
            default:
                text.Append(OpaqueFields.Contains(field.Name) ? "set" : Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static bool IsLeaseId(FieldDescriptor field, IMessage owner) =>
        field.Name == "ID" && owner.Descriptor.Name.StartsWith("Lease", StringComparison.Ordinal);

    private static bool IsDefault(FieldDescriptor field, IMessage message)
    {
        if (field.IsRepeated)
        {
            return ((ICollection)field.Accessor.GetValue(message)).Count == 0;
        }

        if (field.HasPresence)
        {
            return !field.Accessor.HasValue(message);
        }

        return field.Accessor.GetValue(message) switch
        {
            bool b => !b,
            long l => l == 0,
            ulong u => u == 0,
            int i => i == 0,
            uint u => u == 0,
            string s => s.Length == 0,
            ByteString b => b.IsEmpty,
            Enum e => Convert.ToInt32(e, CultureInfo.InvariantCulture) == 0,
            _ => false,
        };
    }
}
