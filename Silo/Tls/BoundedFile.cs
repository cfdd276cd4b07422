namespace Krewe.Silo.Tls;

/// <summary>Reads files of security, with errors in the words of etcd's.</summary>
internal static class BoundedFile
{
    /// <summary>Longest file that is read; a bundle of authorities or a revocation list is far shorter.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>The whole content. Throws <see cref="InvalidDataException"/> if the file can't be read or is too long.</summary>
    public static byte[] Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > MaxBytes)
            {
                throw new InvalidDataException($"open {path}: file too large");
            }

            var content = new byte[file.Length];
            return file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length
                ? content
                : throw new InvalidDataException($"open {path}: file changes while it is read");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"open {path}: no such file or directory", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InvalidDataException(
                Directory.Exists(path) ? $"read {path}: is a directory" : $"open {path}: permission denied", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"open {path}: {e.Message}", e);
        }
    }
}
