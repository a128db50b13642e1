namespace WpFarm.Deployment.Machine;

/// <summary>Files that are whole or not there: written beside, flushed to disk, renamed.</summary>
internal static class AtomicFile
{
    /// <summary>0644.</summary>
    public const UnixFileMode Text = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755.</summary>
    public const UnixFileMode Program = Text | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static void Write(string path, string content, UnixFileMode mode = Text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (
            var stream = new FileStream(
                temporary,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = mode,
                }
            )
        )
        {
            using var writer = new StreamWriter(stream);
            writer.Write(content);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(temporary, mode); // The umask may have taken bits away.
        File.Move(temporary, path, overwrite: true);
    }
}
