using System.Text;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Tests.Validation;

/// <summary>Transactions as short texts: <c>put a, del a c, txn(put b | del c) | range a</c>, success and failure split by a bar.</summary>
internal static class TxnText
{
    public static TxnRequest Parse(string text)
    {
        var branches = Split(text, '|');
        return new TxnRequest
        {
            Success = ParseBranch(branches[0]),
            Failure = branches.Count > 1 ? ParseBranch(branches[1]) : [],
        };
    }

    private static KvOperation[] ParseBranch(string text) =>
        [.. Split(text, ',').Select(o => o.Trim(' ')).Where(o => o.Length > 0).Select(ParseOperation)];

    private static KvOperation ParseOperation(string text)
    {
        if (text.StartsWith("txn(", StringComparison.Ordinal))
        {
            return Parse(text[4..^1]);
        }

        var words = text.Split(' ');
        var key = Bytes(words[1]);
        return words[0] switch
        {
            "put" => new PutRequest { Key = key },
            "del" => new DeleteRangeRequest { Key = key, RangeEnd = words.Length > 2 ? Bytes(words[2]) : default },
            "range" => new RangeRequest { Key = key },
            _ => throw new FormatException(text),
        };
    }

    // Splits where no parenthesis is open.
    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string> { "" };
        var depth = 0;
        foreach (var c in text)
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == separator && depth == 0)
            {
                parts.Add("");
            }
            else
            {
                parts[^1] += c;
            }
        }

        return parts;
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
