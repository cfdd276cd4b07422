namespace Krewe.Silo.Tls;

/// <summary>
/// A value that one or more files hold. The files are read whenever the value is wanted, as etcd does for every handshake: that notices any
/// kind of replacement, a symbolic link on the way included, and the files are short. They are parsed only if a byte of them
/// changed. Files that can't be used leave the last good value in place, with one warning for each bad state.
/// </summary>
/// <param name="paths">The files.</param>
/// <param name="parse">Makes the value of the files' contents; throws <see cref="InvalidDataException"/>.</param>
/// <param name="log">Hears of changes.</param>
internal sealed class FileBacked<T>(IReadOnlyList<string> paths, Func<IReadOnlyList<byte[]>, T> parse, TlsLog log)
    where T : class
{
    private readonly Lock _turn = new();
    private byte[][] _seen = [];
    private string? _seenError;
    private string? _toldError;
    private T? _good;

    /// <summary>
    /// The value as the files have it now, or else the last good one. Throws <see cref="InvalidDataException"/> if there never was one.
    /// Any thread.
    /// </summary>
    public T Current
    {
        get
        {
            lock (_turn)
            {
                var error = Refresh();
                if (error is not null && error != _toldError)
                {
                    log.Bad(string.Join(", ", paths), error);
                }

                _toldError = error;
                return _good ?? throw new InvalidDataException(error);
            }
        }
    }

    /// <summary>Null if the files are good as they are now.</summary>
    private string? Refresh()
    {
        var contents = new byte[paths.Count][];
        try
        {
            for (var i = 0; i < contents.Length; i++)
            {
                contents[i] = BoundedFile.Read(paths[i]);
            }
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }

        if (!IsSeen(contents))
        {
            _seen = contents;
            _seenError = TryAccept(contents);
        }

        return _seenError;
    }

    private string? TryAccept(byte[][] contents)
    {
        try
        {
            var isChange = _good is not null;
            _good = parse(contents);
            if (isChange)
            {
                log.Reread(string.Join(", ", paths));
            }

            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    private bool IsSeen(byte[][] contents)
    {
        if (_seen.Length != contents.Length)
        {
            return false;
        }

        for (var i = 0; i < contents.Length; i++)
        {
            if (!_seen[i].AsSpan().SequenceEqual(contents[i]))
            {
                return false;
            }
        }

        return true;
    }
}
